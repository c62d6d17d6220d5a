import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow, type Officer, type Role, SignedIn } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import { TodayWork } from './today.service.js';

interface Area {
  key: string;
  href: string;
  icon: string;
  roles: readonly Role[];
}

/** Where the work is done, and whose it is. */
const AREAS: readonly Area[] = [
  { key: 'campaigns', href: '/office/campaigns', icon: 'flag', roles: ['organiser'] },
  { key: 'standings', href: '/office/standings', icon: 'trophy', roles: ['organiser', 'administrator'] },
  { key: 'readings', href: '/office/readings', icon: 'list-check', roles: ['reporter', 'organiser'] },
  { key: 'payments', href: '/office/payments', icon: 'file-spreadsheet', roles: ['partner', 'organiser'] },
  { key: 'draws', href: '/office/draws', icon: 'ticket', roles: ['organiser', 'partner', 'witness'] },
  { key: 'officers', href: '/officers', icon: 'users', roles: ['administrator', 'organiser'] },
  { key: 'journal', href: '/journal', icon: 'book', roles: ['auditor', 'administrator', 'organiser'] },
];

@ApiExcludeController()
@Allow()
@Controller('office')
export class OfficePages {
  constructor(
    private readonly views: Views,
    private readonly today: TodayWork,
  ) {}

  /** The desk: what is due today, and the work this officer's roles give. */
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  async desk(@Req() request: FastifyRequest, @SignedIn() officer: Officer): Promise<string> {
    const held = new Set(officer.roles.map(({ role }) => role));
    return this.views.page(request, 'home/office', {
      title: 'shell.nav.office',
      crumbs: [],
      today: await this.today.of(officer),
      areas: AREAS.filter(({ roles }) => roles.some((role) => held.has(role))),
    });
  }
}
