/** What everybody may see of a name: `Nguyễn Văn H***`. */
export function maskedName(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const last = words.pop();
  if (!last) return '***';
  return [...words, `${[...last][0]}***`].join(' ');
}

/** `0242********`: the first four digits of a number. */
export const maskedNumber = (number: string): string =>
  number.slice(0, 4) + '*'.repeat(Math.max(0, number.length - 4));
