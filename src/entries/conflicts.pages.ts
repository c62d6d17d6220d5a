import { Body, Controller, Get, Header, Param, ParseIntPipe, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { FIELDS } from '../payments/reading/profile.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { Vault } from '../platform/crypto/vault.js';
import { seeOther } from '../platform/http/flash.js';
import { posted } from '../platform/http/form.js';
import { InputError } from '../platform/http/input-error.js';
import { Conflicts } from './conflicts.service.js';
import type { AsideRow } from './issue/set-aside.js';
import { PaymentDesk } from './payment-desk.js';

const HTML = 'text/html; charset=utf-8';

/** Contradictions, side by side, for a person to decide. */
@ApiExcludeController()
@Controller('office/payments/:slug/conflicts')
@Allow('partner', 'organiser')
export class ConflictsPages {
  constructor(
    private readonly desk: PaymentDesk,
    private readonly conflicts: Conflicts,
    private readonly db: DataSource,
    private readonly vault: Vault,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async list(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer);
    const rows = await this.db.query<ConflictRow[]>(
      `select k.id, k.row_number, k.differs, k.sealed, b.file_name, b.id as batch_id, p.source_ref, p.amount, p.paid_at, p.status, y.sealed as payer
       from payment_conflict k join import_batch b on b.id = k.batch_id
       join payment p on p.promotion_id = $1 and p.id = k.payment_id join payer y on y.promotion_id = $1 and y.id = p.payer_id
       where k.promotion_id = $1 and k.decision is null order by k.id limit 100`,
      [promotion.id],
    );
    return this.desk.page(request, promotion, 'conflicts', { conflicts: rows.map((row) => this.shown(row)) });
  }

  @Post(':id')
  async decide(
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
    @Param('id', ParseIntPipe) id: number,
    @Body() body: unknown,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer, ['partner', 'organiser']);
    const decision = posted(body, 'decision');
    const reason = posted(body, 'reason');
    const findings = [];
    if (decision !== 'keep' && decision !== 'replace')
      findings.push({ field: 'decision', code: 'payments.faults.decision' });
    if (reason.length < 5) findings.push({ field: 'reason', code: 'payments.faults.reason' });
    if (findings.length > 0) throw new InputError(findings);
    await this.db.transaction((tx) =>
      this.conflicts.decide(tx, promotion.id, id, decision as 'keep' | 'replace', reason, officer.id),
    );
    return seeOther(reply, `/office/payments/${slug}/conflicts`, {
      kind: 'success',
      key: 'payments.done.conflict',
    });
  }

  /** Both words side by side; personal numbers masked but for their end. */
  private shown({ sealed, payer, ...row }: ConflictRow) {
    const { cells } = JSON.parse(this.vault.open(sealed)) as AsideRow;
    const given = Object.fromEntries(FIELDS.map((field, place) => [field, cells[place]]));
    const [identity = ''] = this.vault.open(payer).split('\t');
    const incoming = { ...given, payer: masked(given.national_id || given.tax_code || given.phone || '') };
    return { ...row, incoming, payer: masked(identity) };
  }
}

interface ConflictRow {
  readonly id: number;
  readonly row_number: number;
  readonly batch_id: number;
  readonly differs: string[];
  readonly sealed: Buffer;
  readonly payer: Buffer;
  readonly file_name: string;
  readonly source_ref: string;
  readonly amount: number;
  readonly paid_at: Date;
  readonly status: string;
}

const masked = (identity: string) => `…${identity.slice(-4)}`;
