import {
  Controller,
  Get,
  Header,
  HttpCode,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Query,
  Req,
  StreamableFile,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { Messages } from '../platform/http/messages.js';
import { Views } from '../platform/http/views.js';
import { exported, type Format, FORMATS } from './journal-export.js';
import { filterOf, searchOf, turnOf } from './journal-filter.js';
import { JournalQueries } from './journal.queries.js';
import { Verifications } from './verifications.service.js';

const HTML = 'text/html; charset=utf-8';
const PAGE = 50;

/** The journal for those who oversee: filter, open, check the chain, take away. */
@ApiExcludeController()
@Controller('journal')
@Allow('auditor', 'administrator', 'organiser')
export class JournalPages {
  constructor(
    private readonly views: Views,
    private readonly queries: JournalQueries,
    private readonly verifications: Verifications,
    private readonly messages: Messages,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async list(@Req() request: FastifyRequest, @Query() query: Record<string, unknown>): Promise<string> {
    const filter = filterOf(query);
    const turn = turnOf(query);
    const rows = await this.queries.page(filter, turn, PAGE + 1);
    const more = rows.length > PAGE;
    const entries = turn.after === undefined ? rows.slice(0, PAGE) : rows.slice(-PAGE);
    const t = (key: string) => this.views.text(request, key);
    const acts = (await this.queries.acts()).map((act) => ({ value: act, label: this.label(request, act) }));
    const officers = (await this.queries.officers()).map(({ id, name }) => ({
      value: String(id),
      label: name,
    }));
    return this.views.page(request, 'journal/list', {
      title: 'journal.list.title',
      crumbs: [{ href: '/office', label: 'shell.nav.office' }, { label: 'journal.list.title' }],
      entries: entries.map((entry) => ({ ...entry, label: this.label(request, entry.act) })),
      filter: { ...filter, officer: filter.officer === null ? '' : String(filter.officer) },
      isFiltered: searchOf(filter) !== '',
      acts: [{ value: '', label: t('journal.list.anyAct') }, ...acts],
      officers: [{ value: '', label: t('journal.list.anyOfficer') }, ...officers],
      size: await this.queries.size(),
      ...links(filter, turn, entries, more),
      search: searchOf(filter),
      lastVerification: await this.verifications.last(),
    });
  }

  @Get('export.:format')
  export(@Param('format') name: string, @Query() query: Record<string, unknown>): StreamableFile {
    const format = (Object.keys(FORMATS) as Format[]).find((one) => one === name);
    if (!format) throw new NotFoundException();
    return new StreamableFile(exported(this.queries.all(filterOf(query)), format), {
      type: FORMATS[format],
      disposition: `attachment; filename="journal.${format}"`,
    });
  }

  /** Walks the whole chain now; that it was done, and what came out, becomes an entry itself. */
  @Post('verifications')
  @HttpCode(200)
  @Header('content-type', HTML)
  async verify(@Req() request: FastifyRequest, @SignedIn() officer: Officer): Promise<string> {
    const verification = await this.verifications.run(officer.id);
    const title =
      verification.findings.length === 0 ? 'journal.verification.whole' : 'journal.verification.broken';
    return this.views.page(request, 'journal/verification', {
      title,
      crumbs: [
        { href: '/office', label: 'shell.nav.office' },
        { href: '/journal', label: 'journal.list.title' },
        { label: 'journal.verification.title' },
      ],
      verification,
      isWhole: verification.findings.length === 0,
    });
  }

  @Get(':id')
  @Header('content-type', HTML)
  async one(@Req() request: FastifyRequest, @Param('id', ParseIntPipe) id: number): Promise<string> {
    const entry = await this.queries.one(id);
    if (!entry) throw new NotFoundException();
    const title = this.views.text(request, 'journal.entry.title', { n: String(id) });
    return this.views.page(request, 'journal/entry', {
      title,
      crumbs: [
        { href: '/office', label: 'shell.nav.office' },
        { href: '/journal', label: 'journal.list.title' },
        { label: title },
      ],
      entry: { ...entry, label: this.label(request, entry.act) },
      facts: Object.entries(entry.facts).map(([name, value]) => ({
        name,
        value: JSON.stringify(value, null, 2),
      })),
      previous: id > 1 ? id - 1 : undefined,
      next: id < (await this.queries.size()) ? id + 1 : undefined,
      isOwnHash: this.verifications.isWhole(entry),
    });
  }

  /** The act in words; its code where nobody wrote words for it. */
  private label(request: FastifyRequest, act: string): string {
    const key = `journal.acts.${act}`;
    return this.messages.has(key) ? this.views.text(request, key) : act;
  }
}

type Turn = ReturnType<typeof turnOf>;

function links(filter: ReturnType<typeof filterOf>, turn: Turn, entries: { id: number }[], more: boolean) {
  const to = (turned: Turn) => `/journal?${searchOf(filter, turned)}`;
  const newest = entries[0]?.id;
  const oldest = entries.at(-1)?.id;
  const hasNewer = turn.after !== undefined ? more : turn.before !== undefined;
  const hasOlder = turn.after !== undefined || more;
  return {
    newer: hasNewer && newest !== undefined ? to({ after: Number(newest) }) : undefined,
    older: hasOlder && oldest !== undefined ? to({ before: Number(oldest) }) : undefined,
  };
}
