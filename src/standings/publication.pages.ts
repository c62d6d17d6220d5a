import { Controller, Get, Header, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Public } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import { publicationText } from './board-acts.queries.js';
import { campaignFrame } from './campaign-frame.js';
import { Publications } from './publications.service.js';
import { Sights } from './sight.service.js';
import { answer } from './standings.api.js';

/** What was announced, as it was announced. */
@ApiExcludeController()
@Public()
@Controller('campaigns')
export class PublicationPages {
  constructor(
    private readonly db: DataSource,
    private readonly sights: Sights,
    private readonly publications: Publications,
    private readonly views: Views,
  ) {}

  @Get(':slug/publications')
  @Header('content-type', 'text/html; charset=utf-8')
  async list(@Param('slug') slug: string, @Req() request: FastifyRequest): Promise<string> {
    const sight = await this.sights.see(slug, {}, request.officer);
    return this.views.page(request, 'standings/publications', {
      ...campaignFrame(sight, this.views.locale(request), { label: 'standings.publication.title' }),
      publications: sight.publications.map((one) => ({
        ...one,
        href: `/campaigns/${slug}/publications/${one.number}`,
      })),
    });
  }

  @Get(':slug/publications/:number')
  @Header('content-type', 'text/html; charset=utf-8')
  async one(
    @Param('slug') slug: string,
    @Param('number') number: string,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const sight = await this.sights.see(slug, {}, request.officer);
    const published = await this.publications.numbered(sight, number);
    const { contest } = sight.cut;
    const list = { label: 'standings.publication.title', href: `/campaigns/${slug}/publications` };
    const frame = campaignFrame(sight, this.views.locale(request), list, {
      label: 'standings.publication.one',
    });
    return this.views.page(request, 'standings/publication', {
      ...frame,
      n: published.number,
      published,
      groups: published.document.groups.map((group) => ({
        ...contest.groups.find(({ code }) => code === group.code),
        code: group.code,
        units: group.units.map((unit) => ({
          ...unit,
          band: contest.bands.find(({ code }) => code === unit.band),
        })),
      })),
    });
  }

  /** The canonical bytes whose SHA-256 is on the page. */
  @Get(':slug/publications/:number/standings.json')
  async bytes(
    @Param('slug') slug: string,
    @Param('number') number: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sight = await this.sights.see(slug, {}, request.officer);
    const published = await this.publications.numbered(sight, number);
    const text = await publicationText(this.db, published.id);
    await answer(request, reply, 'application/json; charset=utf-8', text, published.sha256);
  }
}
