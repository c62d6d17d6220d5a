import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Officers } from '../officers/officers.service.js';
import type { Officer, Role } from '../platform/http/access.js';
import { type PageModel, Views } from '../platform/http/views.js';
import { type Promotion, Promotions } from './promotions.service.js';

/** Who works on the payments of a promotion. */
export const DESK: readonly Role[] = ['partner', 'organiser'];
const READERS: readonly Role[] = [...DESK, 'auditor'];
const TABS = ['batches', 'conflicts', 'completeness', 'terms', 'exclusions', 'keys'] as const;
export type Tab = (typeof TABS)[number];

/** What all pages of the payment office share: who may see them, and how they are framed. */
@Injectable()
export class PaymentDesk {
  constructor(
    private readonly officers: Officers,
    private readonly promotions: Promotions,
    private readonly views: Views,
  ) {}

  /** The promotion, when this officer has one of the roles in it. */
  async open(slug: string, officer: Officer, roles: readonly Role[] = READERS): Promise<Promotion> {
    const promotion = await this.promotions.bySlug(slug);
    await this.officers.demand(officer, roles, await this.promotions.reachOf(promotion.id));
    return promotion;
  }

  /** Those of the promotions that this officer may open. */
  async openTo<P extends { readonly id: number }>(officer: Officer, promotions: readonly P[]): Promise<P[]> {
    const mine: P[] = [];
    for (const promotion of promotions)
      if (await this.officers.may(officer, READERS, await this.promotions.reachOf(promotion.id)))
        mine.push(promotion);
    return mine;
  }

  page(
    request: FastifyRequest,
    promotion: Promotion,
    tab: Tab,
    model: Partial<PageModel> & { crumb?: string } = {},
  ): string {
    const name = this.views.locale(request) === 'en' ? promotion.title_en : promotion.title_vi;
    const base = `/office/payments/${promotion.slug}`;
    const href = (one: Tab) => (one === 'batches' ? base : `${base}/${one}`);
    const crumbs = [
      { href: '/office/payments', label: 'payments.office.title' },
      { href: base, label: name },
      ...(tab === 'batches' && !model.crumb ? [] : [{ href: href(tab), label: `payments.tab.${tab}` }]),
      ...(model.crumb ? [{ label: model.crumb }] : []),
    ];
    return this.views.page(request, `payments/${tab}`, {
      title: tab === 'batches' ? name : `payments.tab.${tab}`,
      promotion,
      base,
      tabs: TABS.map((one) => ({ key: one, href: href(one), current: one === tab })),
      ...model,
      crumbs,
    } as PageModel);
  }

  text(request: FastifyRequest, key: string): string {
    return this.views.text(request, key);
  }

  /** A page with a frame of its own. */
  other(request: FastifyRequest, template: string, model: PageModel): string {
    return this.views.page(request, template, model);
  }
}
