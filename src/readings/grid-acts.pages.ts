import { Body, Controller, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import { Views } from '../platform/http/views.js';
import { GridIntake, typedCells, type GridEntry } from './grid-entry.service.js';
import { GridPage } from './grid-page.js';

const HTML = 'text/html; charset=utf-8';

/** What is done with the grid: hand it in, or keep it for later. */
@ApiExcludeController()
@Allow('reporter', 'organiser')
@Controller('office/readings/:slug')
export class GridActsPages {
  constructor(
    private readonly views: Views,
    private readonly grid: GridIntake,
    private readonly page: GridPage,
  ) {}

  @Post()
  @Header('content-type', HTML)
  async handIn(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: Record<string, unknown>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const entry = this.entryOf(request, slug, body);
    const view = { on: entry.on, unit: posted(body, 'unit'), indicator: posted(body, 'indicator') };
    const back = `/office/readings/${slug}?${new URLSearchParams(view).toString()}`;
    const act = async () => {
      if (posted(body, 'act') === 'draft') {
        const n = await this.grid.save(officer, entry);
        return seeOther(reply, back, { kind: 'info', key: 'readings.done.draft', values: { n } });
      }
      const { added, corrected, warnings } = await this.grid.submit(officer, entry);
      if (added + corrected === 0)
        return seeOther(reply, back, { kind: 'info', key: 'readings.done.unchanged' });
      const kind = warnings.length > 0 ? ('warning' as const) : ('success' as const);
      const key = warnings.length > 0 ? 'readings.done.submittedWithWarnings' : 'readings.done.submitted';
      return seeOther(reply, back, {
        kind,
        key,
        values: { n: added + corrected, warnings: warnings.length },
      });
    };
    return orAgain(reply, act, (findings) => this.page.draw(request, officer, slug, view, findings, body));
  }

  /** Saved by the page's script while typing. */
  @Post('draft')
  @HttpCode(204)
  async keep(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: Record<string, unknown>,
  ): Promise<void> {
    await this.grid.save(officer, this.entryOf(request, slug, body));
  }

  private entryOf(request: FastifyRequest, slug: string, body: Record<string, unknown>): GridEntry {
    const reason = posted(body, 'reason');
    return {
      slug,
      on: posted(body, 'on'),
      format: this.views.locale(request),
      reason,
      cells: typedCells(body),
    };
  }
}
