/** The text of a posted field; never undefined, never an array. Passwords are not trimmed. */
export function posted(body: unknown, field: string, trim = true): string {
  const value = (body as Record<string, unknown> | null | undefined)?.[field];
  const text = typeof value === 'string' ? value : '';
  return trim ? text.trim() : text;
}

/** Of a field that may be ticked several times. */
export function postedList(body: unknown, field: string): string[] {
  const value = (body as Record<string, unknown> | null | undefined)?.[field];
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
}

/** A path of this site to go on to; anything else leads to `otherwise`, so that a link cannot lead away. */
export function pathOn(text: string, otherwise: string): string {
  return /^\/(?![/\\])[^\s\\]*$/.test(text) && !text.startsWith('/officers/login') ? text : otherwise;
}
