import type { Locale } from './format.js';

/** What a page needs of a request; Fastify's request has it, and a test can write one down. */
export interface VisitedRequest {
  url: string;
  cookies?: Record<string, string | undefined>;
  query?: unknown;
  officer?: unknown;
  csrfToken?: unknown;
  flash?: unknown;
}
export interface Visitor {
  id: number;
  name: string;
  organisation?: string;
  roles: string[];
}
export interface Flash {
  kind: 'success' | 'info' | 'warning' | 'danger';
  key: string;
  values?: Record<string, string | number>;
}
/** One visit of a page: who, where, in which language and light. */
export interface Visit {
  locale: Locale;
  theme: 'light' | 'dark' | 'auto';
  path: string;
  url: string;
  /** The same page in the other language, and in each light. */
  links: { vi: string; en: string; light: string; dark: string; auto: string };
  officer?: Visitor & { may: Record<string, true> };
  csrf: string;
  flash?: Flash;
}

export function visitOf(request: VisitedRequest): Visit {
  const query = (request.query ?? {}) as Record<string, unknown>;
  const cookies = request.cookies ?? {};
  const chosen = (name: string) => query[name] ?? cookies[name];
  const theme = chosen('theme');
  return {
    locale: chosen('lang') === 'en' ? 'en' : 'vi',
    theme: theme === 'dark' || theme === 'light' ? theme : 'auto',
    path: request.url.split('?')[0]!,
    url: request.url,
    links: {
      vi: withQuery(request.url, 'lang', 'vi'),
      en: withQuery(request.url, 'lang', 'en'),
      light: withQuery(request.url, 'theme', 'light'),
      dark: withQuery(request.url, 'theme', 'dark'),
      auto: withQuery(request.url, 'theme', 'auto'),
    },
    officer: officerOf(request),
    // Only when a form asks: a visitor of a page without forms gets no cookie.
    get csrf() {
      return csrfOf(request);
    },
    flash: request.flash as Flash | undefined,
  };
}

function withQuery(url: string, name: string, value: string): string {
  const [path, search] = url.split('?');
  const query = new URLSearchParams(search);
  for (const look of ['lang', 'theme']) query.delete(look);
  query.set(name, value);
  return `${path}?${query.toString()}`;
}

function officerOf({ officer }: VisitedRequest): Visit['officer'] {
  if (!officer) return undefined;
  const visitor = officer as Omit<Visitor, 'roles'> & { roles?: (string | { role: string })[] };
  const named = (visitor.roles ?? []).map((role) => (typeof role === 'string' ? role : role.role));
  const roles = [...new Set(named)];
  return { ...visitor, roles, may: Object.fromEntries(roles.map((role) => [role, true] as const)) };
}

function csrfOf({ csrfToken, ...request }: VisitedRequest): string {
  if (typeof csrfToken === 'string') return csrfToken;
  return typeof csrfToken === 'function' ? String(csrfToken.call(request)) : '';
}
