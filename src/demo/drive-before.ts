/** Where the province stood before the drive, by indicator: 91,0 %, 59,58 % and 82,89 %, the figures the interim report begins with. */
export const BEFORE: Readonly<Record<string, { readonly numerator: number; readonly denominator: number }>> =
  {
    'dich-vu-cap-tinh': { numerator: 1_365, denominator: 1_500 },
    'dich-vu-cap-huyen': { numerator: 426, denominator: 715 },
    'ho-so-truc-tuyen': { numerator: 263_580, denominator: 317_988 },
  };
