import type { WeightRow } from './plan-edits.service.js';

/** The fields `w.<indicator>.<group>`, `t.<indicator>`, `d.<indicator>` of the weights form as rows. */
export function weightRows(body: Record<string, unknown>): WeightRow[] {
  const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
  const codes = new Set(Object.keys(body).flatMap((name) => /^[wtd]\.([a-z0-9-]+)/.exec(name)?.[1] ?? []));
  return [...codes].map((code) => {
    const own = Object.entries(body).filter(([name]) => name.startsWith(`w.${code}.`));
    const weights = Object.fromEntries(
      own.map(([name, value]) => [name.slice(`w.${code}.`.length), text(value)]),
    );
    const given = (name: string) => (name in body ? text(body[name]) : undefined);
    return { code, weights, target: given(`t.${code}`), targetDueOn: given(`d.${code}`) };
  });
}
