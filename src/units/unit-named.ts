import type { Finding } from '../platform/http/input-error.js';
import type { UnitIndex, UnitVersion } from './unit-index.js';

/**
 * The unit that a code or a name, as somebody typed it, means on a day; else what to say about it: everything the name
 * could mean, or that nothing bears it. The caller adds the field.
 */
export function unitNamed(index: UnitIndex, text: string, on: string): UnitVersion | Finding {
  const found = index.find(/^[\d.]+$/.test(text) ? { code: text, on } : { name: text, on });
  if (found.unit) return found.unit;
  const candidates = 'candidates' in found ? found.candidates : [];
  const expected = candidates.map(({ code, fullName }) => `${code} ${fullName}`).join('; ') || on;
  return { code: `units.findings.named-${found.why}`, got: text, expected };
}

export const isUnit = (found: UnitVersion | Finding): found is UnitVersion => 'unitId' in found;
