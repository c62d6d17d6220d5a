/** What a checker can find wrong with a published draw, protocol §9; `file-differs` is our addition (see `files.ts`). */
export const FINDING_CODES = [
  'rules-malformed',
  'entries-malformed',
  'entries-unsorted',
  'code-twice',
  'root-differs',
  'size-differs',
  'checkpoint-signature',
  'checkpoint-rules-differ',
  'witnesses-missing',
  'source-missing',
  'source-mismatch',
  'beacon-invalid',
  'beacon-too-early',
  'seed-differs',
  'order-differs',
  'winner-differs',
  'skipped-differs',
  'undrawn-differs',
  'strike-unjustified',
  'replacement-chain',
  'result-hash',
  'completeness',
  'file-differs',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

export interface Finding {
  readonly code: FindingCode;
  /** The file, and the place in it where that helps. */
  readonly where: string;
  readonly published: string;
  readonly computed: string;
}

/** Keeps the first findings of each code and counts the rest, so that a list of rubbish stays readable. */
export class Findings {
  static readonly MOST_PER_CODE = 50;
  readonly found: Finding[] = [];
  readonly counts = new Map<FindingCode, number>();

  add(code: FindingCode, where: string, published: unknown, computed: unknown): void {
    const count = (this.counts.get(code) ?? 0) + 1;
    this.counts.set(code, count);
    if (count <= Findings.MOST_PER_CODE)
      this.found.push({ code, where, published: clipped(published), computed: clipped(computed) });
  }

  /** One finding when the two differ. */
  compare(code: FindingCode, where: string, published: string | number, computed: string | number): void {
    if (published !== computed) this.add(code, where, published, computed);
  }
}

function clipped(value: unknown): string {
  const text = String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
