import { Injectable, NotFoundException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Officer } from '../platform/http/access.js';
import type { Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { ChoicesQueries } from './choices.queries.js';
import type { GrantForm } from './grant-form.js';
import { OfficersQueries } from './officers.queries.js';

/** The page of one officer: shown by itself, and again by the acts on it. */
@Injectable()
export class OfficerPage {
  constructor(
    private readonly views: Views,
    private readonly queries: OfficersQueries,
    private readonly choices: ChoicesQueries,
  ) {}

  /** After an act: with what was typed and what is wrong, or with a fresh link. */
  async show(
    request: FastifyRequest,
    id: number,
    officer: Officer,
    extra: { values?: GrantForm; findings?: Finding[]; link?: string },
  ): Promise<string> {
    const account = await this.queries.account(id);
    if (!account) throw new NotFoundException();
    const mayChange = officer.id !== id && officer.roles.some(({ role }) => role === 'administrator');
    const t = (key: string) => this.views.text(request, key);
    return this.views.page(request, 'officers/officer', {
      title: account.name,
      crumbs: [
        { href: '/office', label: 'shell.nav.office' },
        { href: '/officers', label: 'officers.list.title' },
        { label: account.name },
      ],
      account,
      mayChange,
      isOwn: officer.id === id,
      rights: await this.queries.rights(id),
      roles: [{ value: '', label: t('officers.invitations.choose') }, ...this.choices.roles(t)],
      units: await this.choices.units(),
      campaigns: [{ value: '', label: t('officers.account.everyCampaign') }].concat(
        await this.choices.campaigns(this.views.locale(request)),
      ),
      values: {},
      ...extra,
    });
  }
}
