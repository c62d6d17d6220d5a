import { Injectable } from '@nestjs/common';
import { PlanEdits } from './plan-edits.service.js';
import { Plans } from './plans.service.js';

/** What can be done to a plan: edit its draft, publish it, amend it. */
@Injectable()
export class PlanActs {
  constructor(
    readonly edits: PlanEdits,
    readonly plans: Plans,
  ) {}
}
