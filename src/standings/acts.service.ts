import { Injectable } from '@nestjs/common';
import { Officers } from '../officers/officers.service.js';
import { BoardActs } from './board-acts.service.js';
import { Decisions } from './decisions.service.js';
import { Objections } from './objections.service.js';
import { Publishing } from './publishing.service.js';

/** What can be done to standings, and whether an officer may. */
@Injectable()
export class Acts {
  readonly publishing: Publishing;

  constructor(
    readonly officers: Officers,
    readonly board: BoardActs,
    readonly decisions: Decisions,
    readonly objections: Objections,
  ) {
    this.publishing = board.publishing;
  }
}
