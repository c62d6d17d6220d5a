import '@fastify/multipart';
import { Controller, Get, Header, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { orAgain } from '../platform/http/form.js';
import { InputError, type Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { campaignFrame } from './campaign-frame.js';
import { Managing } from './managing.service.js';
import { Maps, type Matched } from './maps.service.js';
import type { Sight } from './sight.service.js';

const HTML = 'text/html; charset=utf-8';
const LARGEST = 10 * 1_048_576;

/** The organiser brings the map of the campaign. */
@ApiExcludeController()
@Controller('office/standings/:slug/map')
@Allow('organiser', 'administrator')
export class MapUploadPages {
  constructor(
    private readonly db: DataSource,
    private readonly managing: Managing,
    private readonly maps: Maps,
    private readonly views: Views,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async show(
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
  ): Promise<string> {
    return this.page(request, await this.managing.seen(officer, slug), { findings: [] });
  }

  @Post()
  @Header('content-type', HTML)
  async upload(
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const file = await request.file();
    const sight = await this.managing.seen(officer, slug);
    const act = async () => {
      const bytes = await bytesOf(file?.file);
      const units = [...sight.cut.contest.units.values()].filter(({ group }) => group !== null);
      const delivered = { name: file?.filename ?? '', bytes, officer: officer.id };
      const matched = await this.db.transaction((tx) =>
        this.maps.take(tx, sight.cut.contest, units, delivered),
      );
      return this.page(request, sight, { findings: [], matched });
    };
    return orAgain(reply, act, (findings) => this.page(request, sight, { findings }));
  }

  private async page(
    request: FastifyRequest,
    sight: Sight,
    { findings, matched }: { findings: Finding[]; matched?: Matched },
  ): Promise<string> {
    const { contest } = sight.cut;
    const manage = { label: 'standings.manage.title', href: `/office/standings/${contest.slug}` };
    return this.views.page(request, 'standings/map-upload', {
      ...campaignFrame(sight, this.views.locale(request), manage, { label: 'standings.map.upload' }),
      map: await this.maps.of(contest.id),
      matched: matched && {
        ...matched,
        unknown: { n: matched.unknown.length, some: matched.unknown.slice(0, 12).join(', ') },
        without: { n: matched.without.length, some: matched.without.slice(0, 12).join(', ') },
      },
      findings,
    });
  }
}

/** Stops reading where a map would be too large, instead of holding it first. */
async function bytesOf(stream: AsyncIterable<Buffer> | undefined): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream ?? []) {
    size += part.length;
    if (size > LARGEST)
      throw new InputError([
        { field: 'file', code: 'standings.mapFinding.tooLarge', got: '> 10 MB', expected: '10 MB' },
      ]);
    parts.push(part);
  }
  if (size === 0)
    throw new InputError([
      { field: 'file', code: 'standings.mapFinding.missing', got: '', expected: '.geojson' },
    ]);
  return Buffer.concat(parts);
}
