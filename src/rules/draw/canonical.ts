/**
 * Canonical JSON, RFC 8785 (JCS), for the values the protocol allows: strings, whole numbers within ±(2^53 − 1),
 * booleans, null, arrays and objects. One value has one text, so that hashing the text hashes the value.
 * Throws RangeError for anything else: fractions, NaN, undefined, lone surrogates, more than 100 levels.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > 100) throw new RangeError('canonical JSON: wanted at most 100 levels');
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return wholeNumber(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`;
  if (typeof value !== 'object') throw new RangeError(`canonical JSON: got ${typeof value}`);
  const object = value as Record<string, unknown>;
  const members = Object.keys(object)
    .sort()
    .map((name) => `${quoted(name)}:${canonicalJson(object[name], depth + 1)}`);
  return `{${members.join(',')}}`;
}

/** `Array.sort` compares UTF-16 code units and `JSON.stringify` escapes as RFC 8785 §3.2.2.2 asks: both are used. */
function quoted(text: string): string {
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text))
    throw new RangeError('canonical JSON: a lone surrogate');
  return JSON.stringify(text);
}

function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`canonical JSON: ${value}, wanted a whole number`);
  return String(value === 0 ? 0 : value);
}
