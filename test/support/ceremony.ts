import { Closing } from '../../src/draws/closing.service.js';
import { Freezing } from '../../src/draws/freeze.service.js';
import { Objections } from '../../src/draws/objections.service.js';
import { Planning } from '../../src/draws/plan.service.js';
import type { Plan } from '../../src/draws/plan.js';
import { Drawing } from '../../src/draws/result.service.js';
import { Sources } from '../../src/draws/sources.service.js';
import { Witnesses } from '../../src/draws/witness.service.js';
import type { TestApp } from './app.js';
import { type Officers, planDraw, type Promotion, SIGNATURE } from './draw.js';

export const DIGITS = '35465563116351122461';
export const STEPS = [
  'planned',
  'rules-published',
  'objections-open',
  'frozen',
  'witnessed',
  'sources-complete',
  'drawn',
  'certified',
  'published',
] as const;
export type Step = (typeof STEPS)[number];

/** Takes a draw through the services up to a state, as the officers would. @returns its slug. */
export async function bringTo(
  app: TestApp,
  people: Officers,
  promotion: Promotion,
  to: Step,
  change: Partial<Plan> = {},
): Promise<string> {
  const { organiser, partner, witness } = people;
  app.clock.set('2023-05-20T02:00:00Z');
  const slug = await planDraw(app, promotion, organiser, change);
  const acts: Record<Exclude<Step, 'planned'>, () => Promise<unknown>> = {
    'rules-published': () => app.get(Planning).publishRules(slug, organiser, SIGNATURE),
    'objections-open': () => app.get(Objections).open(slug, organiser, SIGNATURE),
    frozen: async () => {
      app.clock.set('2023-05-31T02:00:00Z');
      await app.get(Freezing).freeze(slug, organiser, SIGNATURE);
    },
    witnessed: async () => {
      app.clock.set('2023-05-31T03:00:00Z');
      const root = await rootOf(app, slug);
      await app.get(Witnesses).cosign(slug, partner, SIGNATURE, root);
      await app.get(Witnesses).cosign(slug, witness, SIGNATURE, root);
    },
    'sources-complete': async () => {
      app.clock.set('2023-06-01T02:00:00Z');
      await app.get(Sources).record({ slug, source: 'hall', value: DIGITS }, organiser, SIGNATURE);
      await app.get(Sources).record({ slug, source: 'hall', value: DIGITS }, witness, SIGNATURE);
    },
    drawn: () => app.get(Drawing).draw(slug, organiser, SIGNATURE),
    certified: async () => {
      await app.get(Closing).recompute({ slug }, organiser, SIGNATURE);
      const hash = await resultHashOf(app, slug);
      await app.get(Closing).certify({ slug }, partner, SIGNATURE, hash);
      await app.get(Closing).certify({ slug }, organiser, SIGNATURE, hash);
    },
    published: () => app.get(Closing).publish({ slug }, organiser, SIGNATURE),
  };
  for (const step of STEPS.slice(1, STEPS.indexOf(to) + 1)) await acts[step as keyof typeof acts]();
  return slug;
}

export async function rootOf(app: TestApp, slug: string): Promise<string> {
  const [row] = await app.db.query<{ root: string }[]>(
    `select encode(root, 'hex') as root from frozen_list f join draw d on d.id = f.draw_id where slug = $1`,
    [slug],
  );
  return row?.root ?? '';
}

export async function resultHashOf(app: TestApp, slug: string): Promise<string> {
  const [row] = await app.db.query<{ hash: string }[]>(
    `select encode(hash, 'hex') as hash from draw_document r join draw d on d.id = r.draw_id
     where slug = $1 and kind = 'result' order by replacement desc limit 1`,
    [slug],
  );
  return row?.hash ?? '';
}

export async function statesOf(app: TestApp, slug: string): Promise<string[]> {
  const rows = await app.db.query<{ state: string }[]>(
    `select a.state from draw_act a join draw d on d.id = a.draw_id where slug = $1 order by a.at, a.state`,
    [slug],
  );
  return rows.map(({ state }) => state).sort((a, b) => STEPS.indexOf(a as Step) - STEPS.indexOf(b as Step));
}
