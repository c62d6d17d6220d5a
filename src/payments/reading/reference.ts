/** Letters, digits and `._:/-`: what a reference of a source is made of. */
const ALLOWED = new Uint8Array(256);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/-')
  ALLOWED[letter.charCodeAt(0)] = 1;

export function isReference(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!ALLOWED[bytes[at]!]) return false;
  return to > from;
}
