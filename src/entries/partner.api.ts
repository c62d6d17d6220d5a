import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Req,
} from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { ApiKeys } from '../payments/api-keys.service.js';
import { Public } from '../platform/http/access.js';
import { InputError } from '../platform/http/input-error.js';
import { batchById } from './batch.queries.js';
import { Digests } from './digests.service.js';
import { PAYMENT_EXAMPLE, PAYMENTS_SCHEMA } from './partner-schema.js';
import { Partners } from './partner.service.js';

const ACCEPTED = { batch: 12, state: 'waiting', href: '/api/v1/promotions/bac-giang-2022/batches/12' };

/** For programs of partners. Every route checks the key of the partner itself. */
@ApiTags('payments')
@Public()
@Controller('api/v1/promotions/:slug')
export class PartnerApi {
  constructor(
    private readonly keys: ApiKeys,
    private readonly partners: Partners,
    private readonly digests: Digests,
    private readonly db: DataSource,
  ) {}

  @Post('payments')
  @HttpCode(202)
  @ApiBearerAuth()
  @ApiOperation({
    summary:
      'Send a batch of payments (1 to 10,000). Accepted at once, imported in turn; ask for the batch to see its equation.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: true,
    description: 'Sent again with the same rows, it gives the same batch; with other rows 409.',
  })
  @ApiBody({ schema: PAYMENTS_SCHEMA, examples: { two: { value: PAYMENT_EXAMPLE } } })
  @ApiResponse({ status: 202, schema: { example: ACCEPTED } })
  async send(
    @Param('slug') slug: string,
    @Headers('authorization') authorization: string | undefined,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Body() body: unknown,
  ) {
    const sender = {
      slug,
      keyHash: this.keys.hashIn(authorization),
      idempotencyKey: demandKey(idempotencyKey),
      via: 'interface' as const,
    };
    return this.accepted(slug, await this.partners.take(sender, rowsOf(body)));
  }

  @Post('webhooks/:prefix')
  @HttpCode(202)
  @ApiOperation({
    summary: 'The same, signed instead of carrying the key: `prefix` is the public part of the key.',
  })
  @ApiHeader({
    name: 'X-Timestamp',
    required: true,
    description: 'Seconds since 1970, within five minutes of now',
  })
  @ApiHeader({
    name: 'X-Signature',
    required: true,
    description: '`sha256=` and the HMAC-SHA-256 in hex of `<timestamp>.<body>` under the webhook secret',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: PAYMENTS_SCHEMA, examples: { two: { value: PAYMENT_EXAMPLE } } })
  async webhook(
    @Req() request: FastifyRequest & { rawBody?: Buffer },
    @Param('slug') slug: string,
    @Param('prefix') prefix: string,
    @Body() body: unknown,
  ) {
    const header = (name: string) => String(request.headers[name] ?? '');
    const holder = await this.keys.byPrefix(slug, prefix);
    this.partners.demandSignature(
      holder,
      request.rawBody ?? Buffer.alloc(0),
      header('x-timestamp'),
      header('x-signature'),
    );
    const sender = {
      slug,
      keyHash: holder.hash,
      idempotencyKey: demandKey(header('idempotency-key')),
      via: 'webhook' as const,
    };
    return this.accepted(slug, await this.partners.take(sender, rowsOf(body)));
  }

  @Get('batches/:id')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'How a batch stands: its state, and once done its equation' })
  async batch(
    @Param('slug') slug: string,
    @Param('id', ParseIntPipe) id: number,
    @Headers('authorization') authorization: string | undefined,
  ) {
    const holder = await this.keys.holder(slug, authorization);
    const batch = await batchById(this.db, holder.promotion_id, id);
    if (!batch) throw new NotFoundException();
    const {
      state,
      fault,
      received,
      eligible,
      refused,
      quarantined,
      duplicate,
      conflicting,
      entries,
      amount,
      percent,
    } = batch;
    return {
      batch: id,
      state,
      percent,
      fault,
      received,
      eligible,
      refused,
      quarantined,
      duplicate,
      conflicting,
      entries,
      amount,
    };
  }

  @Post('digests')
  @ApiBearerAuth()
  @ApiOperation({
    summary:
      'The signed digest of a day: Ed25519 over `thidua digest/1`, source, day, count, amount, file, one per line',
  })
  @ApiBody({
    schema: {
      example: {
        day: '2022-09-15',
        count: 310,
        amount: 15500000,
        fileHash: '',
        signature: 'base64, 64 bytes',
      },
    },
  })
  async digest(
    @Param('slug') slug: string,
    @Headers('authorization') authorization: string | undefined,
    @Body() body: unknown,
  ) {
    const holder = await this.keys.holder(slug, authorization);
    const { day, count, amount, fileHash, signature } = (body ?? {}) as Record<string, unknown>;
    const word = {
      source: holder.source,
      day: String(day),
      count: Number(count),
      amount: Number(amount),
      fileHash: typeof fileHash === 'string' ? fileHash : '',
    };
    const by = { signature: Buffer.from(typeof signature === 'string' ? signature : '', 'base64') };
    await this.db.transaction((tx) => this.digests.say(tx, holder.promotion_id, word, by));
    return { day: word.day, received: true };
  }

  private accepted(slug: string, { batch, again }: { batch: number; again: boolean }) {
    return { batch, again, href: `/api/v1/promotions/${slug}/batches/${batch}` };
  }
}

function demandKey(key: string | undefined): string {
  if (key && /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new InputError([
    { field: 'Idempotency-Key', code: 'payments.faults.idempotency-key', got: key ?? '' },
  ]);
}

function rowsOf(body: unknown): unknown {
  return (body as { payments?: unknown } | null)?.payments;
}
