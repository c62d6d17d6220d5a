/** Ten to the number of digits: worked out each time it would cost more than all the rest. */
const POWERS = Array.from({ length: 11 }, (_, digits) => 10 ** digits);

/**
 * Subscriber digits (nine or ten) of a Vietnamese phone number in a range of bytes, or -1: the same rule as
 * `phoneNumber` of the rules, without making a string.
 */
export function phoneDigits(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  let count = 0;
  let plus = false;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte >= 48 && byte <= 57) {
      value = value * 10 + byte - 48;
      if (++count > 14) return -1;
    } else if (byte === 43 && count === 0 && !plus) plus = true;
    else if (byte !== 32 && byte !== 46 && byte !== 45 && byte !== 40 && byte !== 41) return -1;
  }
  return subscriber(value, count, plus);
}

function subscriber(value: number, count: number, plus: boolean): number {
  const national = nationalLength(value, count, plus);
  if (national === 0) return -1;
  const digits = value % POWERS[national]!;
  const first = Math.floor(digits / POWERS[national - 1]!);
  const mobile = national === 9 && (first === 3 || first === 5 || first >= 7);
  return mobile || (national === 10 && first === 2) ? digits : -1;
}

/** How many digits stand behind the prefix `+84`, `84`, `0084` or `0`; 0 when there is none of these. */
function nationalLength(value: number, count: number, plus: boolean): number {
  for (const national of [9, 10]) {
    const prefix = Math.floor(value / POWERS[national]!);
    const length = count - national;
    if (
      (length === 2 && prefix === 84) ||
      (!plus && ((length === 1 && prefix === 0) || (length === 4 && prefix === 84)))
    )
      return national;
  }
  return 0;
}
