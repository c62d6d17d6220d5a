import { Controller, Get, Header, NotFoundException, Param, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import { Config } from '../platform/config.js';
import { Public } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import { HomeQueries, type ListedCampaign } from './home.queries.js';

const HTML = 'text/html; charset=utf-8';
/** Pages that are always there. */
const STANDING = ['/', '/verify', '/keys', '/about', '/help', '/sitemap'];

@ApiExcludeController()
@Public()
@Controller()
export class HomePages {
  constructor(
    private readonly home: HomeQueries,
    private readonly views: Views,
    private readonly config: Config,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async front(@Req() request: FastifyRequest): Promise<string> {
    const listed = (await this.home.published()).map(linked);
    return this.views.page(request, 'home/front', {
      title: 'home.title',
      lead: 'home.lead',
      crumbs: [],
      drives: listed.filter(({ kind }) => kind !== 'promotion'),
      promotions: listed.filter(({ kind }) => kind === 'promotion'),
    });
  }

  /** A movement: its reviews, and the campaigns inside it. */
  @Get('movements/:slug')
  @Header('content-type', HTML)
  async movement(@Req() request: FastifyRequest, @Param('slug') slug: string): Promise<string> {
    const movement = await this.home.movement(slug);
    if (!movement) throw new NotFoundException();
    const inside = (await this.home.published()).filter((campaign) => campaign.movement?.slug === slug);
    return this.views.page(request, 'home/movement', {
      title: this.views.locale(request) === 'en' ? movement.title_en : movement.title_vi,
      crumbs: [{ label: 'home.movement.title' }],
      movement: linked(movement),
      phases: (await this.home.phases(slug)).map((phase) => ({ ...phase, look: LOOKS[phase.status] })),
      inside: inside.map(linked),
    });
  }

  @Get('about')
  @Header('content-type', HTML)
  about(@Req() request: FastifyRequest): string {
    const crumbs = [{ label: 'shell.nav.about' }];
    return this.views.page(request, 'home/about', { title: 'home.about.title', crumbs, narrow: true });
  }

  @Get('help')
  @Header('content-type', HTML)
  help(@Req() request: FastifyRequest): string {
    const crumbs = [{ label: 'shell.nav.help' }];
    return this.views.page(request, 'home/help', { title: 'home.help.title', crumbs, narrow: true });
  }

  @Get('sitemap')
  @Header('content-type', HTML)
  async sitemap(@Req() request: FastifyRequest): Promise<string> {
    const listed = (await this.home.published()).map(linked);
    const crumbs = [{ label: 'home.sitemap.title' }];
    return this.views.page(request, 'home/sitemap', { title: 'home.sitemap.title', crumbs, listed });
  }

  @Get('sitemap.xml')
  @Header('content-type', 'application/xml; charset=utf-8')
  async machineSitemap(): Promise<string> {
    const paths = [...STANDING, ...(await this.home.published()).map((campaign) => linked(campaign).href)];
    const places = paths.map((path) => `<url><loc>${this.config.PUBLIC_URL}${path}</loc></url>`).join('\n');
    return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${places}\n</urlset>\n`;
  }

  @Get('robots.txt')
  @Header('content-type', 'text/plain; charset=utf-8')
  robots(): string {
    const hidden = ['/office', '/officers', '/journal', '/live']
      .map((path) => `Disallow: ${path}`)
      .join('\n');
    return `User-agent: *\n${hidden}\nSitemap: ${this.config.PUBLIC_URL}/sitemap.xml\n`;
  }
}

const LOOKS = { ahead: 'info', running: 'good', ended: 'off' } as const;

const linked = (campaign: ListedCampaign) => ({
  ...campaign,
  href: `/${campaign.kind === 'promotion' ? 'promotions' : 'campaigns'}/${campaign.slug}`,
  look: LOOKS[campaign.status],
});
