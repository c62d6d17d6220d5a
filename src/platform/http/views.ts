import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Injectable } from '@nestjs/common';
import Handlebars, { type TemplateDelegate } from 'handlebars';
import { Assets } from './assets.js';
import type { Locale } from './format.js';
import { Messages, type Variables } from './messages.js';
import { templateFunctions } from './template-functions.js';
import { TEMPLATES } from './templates-folder.js';
import { visitOf, type Visit, type VisitedRequest } from './visit.js';

export interface Crumb {
  label: string;
  href?: string;
}
/** What every page says of itself. A title or label that is the key of a message is written as that message. */
export interface PageModel {
  title: string;
  crumbs: Crumb[];
  lead?: string;
  layout?: 'page' | 'hall' | 'embed' | 'document';
  [name: string]: unknown;
}

/** Handlebars over templates/: a page in its layout, in the reader's language. */
@Injectable()
export class Views {
  private readonly engine = Handlebars.create();
  private readonly templates = new Map<string, TemplateDelegate>();

  /** True where the data are the example province: every page says so. */
  example = false;

  constructor(
    private readonly messages: Messages,
    assets: Assets,
  ) {
    templateFunctions(this.engine, messages, assets);
    this.readPartials();
  }

  page(request: VisitedRequest, template: string, model: PageModel): string {
    return this.render(template, model, visitOf(request));
  }

  locale(request: VisitedRequest): Locale {
    return visitOf(request).locale;
  }

  text(request: VisitedRequest, key: string, variables: Variables = {}): string {
    return this.messages.text(key, this.locale(request), variables);
  }

  /** A page nobody asked for over HTTP (a document to be kept): in this language, without a visitor. */
  document(template: string, model: PageModel, locale: Locale = 'vi'): string {
    const visit = visitOf({ url: '/', cookies: { lang: locale } });
    return this.render(template, { layout: 'document', ...model }, visit);
  }

  private render(template: string, model: PageModel, page: Visit): string {
    const words = (text: string) =>
      this.messages.has(text) ? this.messages.text(text, page.locale, model as Variables) : text;
    const title = words(model.title);
    const root = {
      ...model,
      title,
      lead: model.lead === undefined ? undefined : words(model.lead),
      crumbs: this.crumbs(model, page, title).map((crumb) => ({ ...crumb, label: words(crumb.label) })),
      page,
      example: this.example,
    };
    const body = this.template(template)(root);
    return this.template(`layouts/${model.layout ?? 'page'}`)({ ...root, body });
  }

  /** Every page but the first says where it is: from home, through what the page names, to itself. */
  private crumbs({ crumbs }: PageModel, { path }: Visit, title: string): Crumb[] {
    if (path === '/') return [];
    const home = { label: 'shell.nav.home', href: '/' };
    const trail = crumbs[0]?.href === '/' ? crumbs : [home, ...crumbs];
    const last = trail.at(-1)!;
    if (last.href === undefined) return trail;
    return last.href === path ? [...trail.slice(0, -1), { label: last.label }] : [...trail, { label: title }];
  }

  private template(name: string): TemplateDelegate {
    const known = this.templates.get(name);
    if (known) return known;
    const compiled = this.engine.compile(readFileSync(join(TEMPLATES, `${name}.hbs`), 'utf8'), {
      preventIndent: true,
    });
    if (process.env.NODE_ENV !== 'development') this.templates.set(name, compiled);
    return compiled;
  }

  /** `templates/partials/pager.hbs` is `{{> pager}}`; `templates/standings/_row.hbs` is `{{> standings/row}}`. */
  private readPartials(): void {
    for (const file of readdirSync(TEMPLATES, { recursive: true, encoding: 'utf8' })) {
      const path = relative('.', file).replaceAll('\\', '/');
      if (!/^partials\/.*\.hbs$|\/_[\w-]+\.hbs$/.test(path)) continue;
      const name = path.replace(/^partials\//, '').replace(/(^|\/)_?([\w-]+)\.hbs$/, '$1$2');
      this.engine.registerPartial(name, readFileSync(join(TEMPLATES, file), 'utf8'));
    }
  }
}
