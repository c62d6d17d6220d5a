/** Checks the shape of a value out of a foreign file and names every fault by its place. Never throws. */
export type Shape = (value: unknown, at: string, faults: string[]) => void;

const MOST_FAULTS = 20;

/** The faults of a value; none means that it has the shape. */
export function faultsOf(value: unknown, shape: Shape): string[] {
  const faults: string[] = [];
  shape(value, '', faults);
  return faults.slice(0, MOST_FAULTS);
}

const fault = (faults: string[], at: string, wanted: string, got: unknown) => {
  if (faults.length < MOST_FAULTS) faults.push(`${at || 'document'}: wanted ${wanted}, got ${brief(got)}`);
};

/** A value in a few words, whatever it is. */
export function brief(value: unknown): string {
  if (typeof value === 'string') return value.length > 160 ? `${value.slice(0, 160)}…` : value;
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** Text of 1 to 1000 characters in Unicode NFC that matches. Give patterns that cannot run away. */
export const text =
  (pattern?: RegExp, wanted = 'text'): Shape =>
  (value, at, faults) => {
    const fits =
      typeof value === 'string' &&
      value.length > 0 &&
      value.length <= 1000 &&
      value === value.normalize('NFC');
    if (!fits || (pattern && !pattern.test(value))) fault(faults, at, wanted, value);
  };

/** Text that may be empty: whether it should be is for the judge to say. */
export const anyText: Shape = (value, at, faults) => {
  if (typeof value !== 'string' || value.length > 1000) fault(faults, at, 'text', value);
};

export const hex64 = text(/^[0-9a-f]{64}$/, '64 lower-case hex digits');
export const code = text(/^[0-9A-Z]{1,32}$/, 'a code of 0-9 and A-Z');

/** An instant in UTC, ISO 8601, that exists. */
export const instant: Shape = (value, at, faults) => {
  const fits = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(value);
  if (!fits || Number.isNaN(Date.parse(value)))
    fault(faults, at, 'an instant such as 2023-06-01T02:00:00Z', value);
};

export const whole =
  (least: number, most = Number.MAX_SAFE_INTEGER): Shape =>
  (value, at, faults) => {
    if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most)
      fault(faults, at, `a whole number from ${least} to ${most}`, value);
  };

export const oneOf =
  (...values: readonly unknown[]): Shape =>
  (value, at, faults) => {
    if (!values.includes(value)) fault(faults, at, values.join(' or '), value);
  };

export const orNull =
  (shape: Shape): Shape =>
  (value, at, faults) => {
    if (value !== null) shape(value, at, faults);
  };

export const optional =
  (shape: Shape): Shape =>
  (value, at, faults) => {
    if (value !== undefined) shape(value, at, faults);
  };

export const list =
  (shape: Shape, least: number, most: number): Shape =>
  (value, at, faults) => {
    if (!Array.isArray(value) || value.length < least || value.length > most)
      return fault(faults, at, `a list of ${least} to ${most}`, value);
    for (let index = 0; index < value.length && faults.length < MOST_FAULTS; index++)
      shape(value[index], `${at}[${index}]`, faults);
  };

/** An object with these members; others are left to the hash of the document. */
export const object =
  (members: Readonly<Record<string, Shape>>): Shape =>
  (value, at, faults) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return fault(faults, at, 'an object', value);
    for (const [name, shape] of Object.entries(members))
      shape(
        Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined,
        at ? `${at}.${name}` : name,
        faults,
      );
  };

/** Two members of a list must not be equal in `name`. */
export const distinct =
  (name: string): Shape =>
  (value, at, faults) => {
    const seen = new Set<unknown>();
    for (const item of Array.isArray(value) ? (value as unknown[]) : []) {
      const id =
        typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[name] : undefined;
      if (seen.has(id)) fault(faults, at, `each ${name} once`, id);
      seen.add(id);
    }
  };

/** Every one of the shapes. */
export const both =
  (...shapes: readonly Shape[]): Shape =>
  (value, at, faults) =>
    shapes.forEach((shape) => shape(value, at, faults));
