import {
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Officers } from '../officers/officers.service.js';
import type { Officer, Role } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain } from '../platform/http/form.js';
import { type PageModel, Views } from '../platform/http/views.js';
import { type Promotion, Promotions } from './promotions.service.js';

const WORKERS: readonly Role[] = ['partner', 'organiser'];
const READERS: readonly Role[] = [...WORKERS, 'auditor'];
const TABS = ['batches', 'conflicts', 'completeness', 'terms', 'exclusions', 'keys'] as const;
export type Tab = (typeof TABS)[number];
const FOR_WORKERS: readonly Tab[] = ['conflicts', 'keys'];
type Findings = Parameters<Parameters<typeof orAgain>[2]>[0];
type Model = Partial<PageModel>;

/** An officer who comes to the desk of the promotion in the address. */
export interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly officer: Officer;
  readonly slug: string;
}

export const AtDesk = createParamDecorator((_: unknown, context: ExecutionContext): Visit => {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest>();
  if (!request.officer) throw new UnauthorizedException();
  const { slug = '' } = request.params as { slug?: string };
  return { request, reply: http.getResponse<FastifyReply>(), officer: request.officer, slug };
});

/** Who may see the payments of a promotion, and the frame round all pages about them. */
@Injectable()
export class PaymentDesk {
  constructor(
    private readonly officers: Officers,
    private readonly promotions: Promotions,
    private readonly views: Views,
  ) {}

  /** The desk of the promotion in the address, when this officer has one of the roles there. */
  async open(visit: Visit, roles: readonly Role[] = READERS): Promise<OpenDesk> {
    const promotion = await this.promotions.bySlug(visit.slug);
    await this.officers.demand(visit.officer, roles, await this.promotions.reachOf(promotion.id));
    return new OpenDesk(visit, promotion, this.views);
  }

  /** Those of the promotions that this officer may open. */
  async openTo<P extends { readonly id: number }>(officer: Officer, promotions: readonly P[]): Promise<P[]> {
    const mine: P[] = [];
    for (const promotion of promotions)
      if (await this.officers.may(officer, READERS, await this.promotions.reachOf(promotion.id)))
        mine.push(promotion);
    return mine;
  }

  /** The page before any promotion was chosen. */
  list({ request, officer }: Visit, model: Model): string {
    const title = 'payments.office.title';
    const label = this.views.text(request, 'payments.new.link');
    const actions = officer.roles.some(({ role }) => role === 'organiser')
      ? [{ href: '/office/promotions/new', label, icon: 'plus' }]
      : [];
    return this.views.page(request, 'payments/office', {
      title,
      crumbs: [{ label: title }],
      actions,
      ...model,
    });
  }
}

/** A promotion's desk, opened for one request. */
export class OpenDesk {
  readonly base: string;
  readonly officer: Officer;
  readonly request: FastifyRequest;

  constructor(
    private readonly visit: Visit,
    readonly promotion: Promotion,
    private readonly views: Views,
  ) {
    this.base = `/office/payments/${promotion.slug}`;
    this.officer = visit.officer;
    this.request = visit.request;
  }

  /** One of the tabs. */
  page(tab: Tab, model: Model = {}): string {
    const title = tab === 'batches' ? this.name : `payments.tab.${tab}`;
    const crumbs = tab === 'batches' ? [] : [{ href: this.address(tab), label: title }];
    return this.framed(`payments/${tab}`, crumbs, { title, tab, ...model });
  }

  /** A page below the desk: one file, one list. */
  below(template: string, title: string, model: Model): string {
    return this.framed(template, [{ label: title }], { title, ...model });
  }

  /** A piece of a page, for a script to put in its place. */
  piece(template: string, model: Model): string {
    return this.views.page(this.request, template, {
      title: this.name,
      crumbs: [],
      layout: 'embed',
      ...model,
    });
  }

  /** After an act: back to the tab, where it is said once. */
  done(tab: Tab, key: string, values?: Record<string, number>): string {
    return this.go(this.address(tab), 'success', key, values);
  }

  go(path: string, kind: 'success' | 'info', key: string, values?: Record<string, number>): string {
    return seeOther(this.visit.reply, path, { kind, key: `payments.done.${key}`, ...(values && { values }) });
  }

  /** Does what a form asks, or shows the page again with what is wrong. */
  orAgain(act: () => Promise<string>, again: (findings: Findings) => Promise<string>): Promise<string> {
    return orAgain(this.visit.reply, act, again);
  }

  text(key: string): string {
    return this.views.text(this.request, key);
  }

  address(tab: Tab): string {
    return tab === 'batches' ? this.base : `${this.base}/${tab}`;
  }

  private framed(template: string, trail: { href?: string; label: string }[], model: Model): string {
    return this.views.page(this.request, template, {
      promotion: this.promotion,
      base: this.base,
      tabs: this.tabs(model.tab),
      ...model,
      crumbs: [
        { href: '/office/payments', label: 'payments.office.title' },
        { href: this.base, label: this.name },
        ...trail,
      ],
    } as PageModel);
  }

  /** Those that this officer may open. */
  private tabs(current: unknown) {
    const works = this.officer.roles.some(({ role }) => WORKERS.includes(role));
    return TABS.filter((tab) => works || !FOR_WORKERS.includes(tab)).map((tab) => ({
      key: tab,
      href: this.address(tab),
      current: tab === current,
    }));
  }

  private get name(): string {
    const { title_en, title_vi } = this.promotion;
    return this.views.locale(this.request) === 'en' ? title_en : title_vi;
  }
}
