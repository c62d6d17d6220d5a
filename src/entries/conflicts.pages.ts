import { Body, Controller, Get, Header, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Allow } from '../platform/http/access.js';
import { posted } from '../platform/http/form.js';
import { InputError } from '../platform/http/input-error.js';
import { Conflicts } from './conflicts.service.js';
import { OpenConflicts } from './open-conflicts.js';
import { AtDesk, PaymentDesk, type Visit } from './payment-desk.js';

const HTML = 'text/html; charset=utf-8';

/** Contradictions, side by side, for a person to decide. */
@ApiExcludeController()
@Controller('office/payments/:slug/conflicts')
@Allow('partner', 'organiser')
export class ConflictsPages {
  constructor(
    private readonly desk: PaymentDesk,
    private readonly conflicts: Conflicts,
    private readonly openConflicts: OpenConflicts,
    private readonly db: DataSource,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async list(@AtDesk() visit: Visit): Promise<string> {
    const open = await this.desk.open(visit);
    return open.page('conflicts', await this.openConflicts.of(open.promotion.id));
  }

  @Post(':id')
  async decide(
    @AtDesk() visit: Visit,
    @Param('id', ParseIntPipe) id: number,
    @Body() body: unknown,
  ): Promise<string> {
    const open = await this.desk.open(visit, ['partner', 'organiser']);
    const decision = posted(body, 'decision');
    const reason = posted(body, 'reason');
    const findings = [];
    if (decision !== 'keep' && decision !== 'replace')
      findings.push({ field: 'decision', code: 'payments.faults.decision' });
    if (reason.length < 5) findings.push({ field: 'reason', code: 'payments.faults.reason' });
    if (findings.length > 0) throw new InputError(findings);
    await this.db.transaction((tx) =>
      this.conflicts.decide(
        tx,
        open.promotion.id,
        id,
        decision as 'keep' | 'replace',
        reason,
        open.officer.id,
      ),
    );
    return open.done('conflicts', 'conflict');
  }
}
