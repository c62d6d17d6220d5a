/** How a file writes numbers: `25.392,5` (vi) or `25,392.5` (en). One per file, never guessed per cell. */
export type NumberFormat = 'vi' | 'en';

export interface NumberCell {
  readonly text: string;
  /** A count: whole, or the file cannot mean it. */
  readonly whole: boolean;
}

export type Detected =
  | { readonly format: NumberFormat }
  | { readonly format: null; readonly why: 'ambiguous'; readonly cell: number }
  | { readonly format: null; readonly why: 'mixed'; readonly vi: number; readonly en: number };

const SHAPE: Record<NumberFormat, RegExp> = {
  vi: /^-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/,
  en: /^-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/,
};
const PLAIN = /^-?\d+$/;

const trimmed = (text: string) =>
  text
    .replace(/[\s\u00a0\u202f]/g, '')
    .replace(/%$/, '')
    .replace(/^\u2212/, '-');

/** The number as plain decimal text (`25392.5`), or undefined when it is not written in this format. */
export function plainNumber(text: string, format: NumberFormat): string | undefined {
  const bare = trimmed(text);
  if (PLAIN.test(bare)) return bare;
  if (!SHAPE[format].test(bare)) return undefined;
  return format === 'vi' ? bare.replaceAll('.', '').replace(',', '.') : bare.replaceAll(',', '');
}

/**
 * The one format that all cells of a file are written in. `1.234` alone is 1234 to one and 1,234 to the other: where counts
 * must be whole and only one reading makes them so, that one is meant; else the sender has to say.
 * Cells that are numbers in neither format are left to the reader of the cell.
 */
export function numberFormatOf(cells: readonly NumberCell[]): Detected {
  let fits = { vi: true, en: true };
  let whole = { vi: true, en: true };
  const only: Record<NumberFormat, number> = { vi: -1, en: -1 };
  let differs = -1;
  for (const [at, cell] of cells.entries()) {
    const text = trimmed(cell.text);
    if (PLAIN.test(text)) continue;
    const vi = SHAPE.vi.test(text);
    const en = SHAPE.en.test(text);
    if (!vi && !en) continue;
    if (vi && !en && only.vi < 0) only.vi = at;
    if (en && !vi && only.en < 0) only.en = at;
    if (vi && en && differs < 0) differs = at;
    fits = { vi: fits.vi && vi, en: fits.en && en };
    if (cell.whole) whole = { vi: whole.vi && isWhole(text, 'vi'), en: whole.en && isWhole(text, 'en') };
  }
  if (!fits.vi && !fits.en) return { format: null, why: 'mixed', vi: only.vi, en: only.en };
  if (fits.vi && fits.en && differs >= 0)
    return whole.vi === whole.en
      ? { format: null, why: 'ambiguous', cell: differs }
      : { format: whole.vi ? 'vi' : 'en' };
  return { format: fits.vi ? 'vi' : 'en' };
}

const isWhole = (text: string, format: NumberFormat) => !(plainNumber(text, format) ?? '.').includes('.');
