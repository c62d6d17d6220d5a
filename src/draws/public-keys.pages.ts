import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import { PublicKeysQueries } from './public-keys.queries.js';
import { HTML } from './room.pages.js';

/** The public keys of the operator and of the witnesses, to compare with those that a bundle carries. */
@ApiExcludeController()
@Controller()
@Public()
export class PublicKeysPages {
  constructor(
    private readonly views: Views,
    private readonly keys: PublicKeysQueries,
  ) {}

  @Get('keys')
  @Header('content-type', HTML)
  async show(@Req() request: FastifyRequest): Promise<string> {
    return this.views.page(request, 'draws/keys', {
      title: 'draws.keys.title',
      lead: 'draws.keys.lead',
      crumbs: [{ href: '/', label: 'shell.nav.home' }, { label: 'draws.keys.title' }],
      ...(await this.keys.all()),
    });
  }

  /** One key a line, as `/verify` and `thidua verify --key` read them; withdrawn ones are left out. */
  @Get('keys.txt')
  @Header('content-type', 'text/plain; charset=utf-8')
  async text(): Promise<string> {
    const { operator, earlier, witnesses } = await this.keys.all();
    const valid = witnesses.filter(({ withdrawnAt }) => withdrawnAt === null).map(({ text }) => text);
    return [operator.text, ...earlier, ...valid].map((line) => `${line}\n`).join('');
  }
}
