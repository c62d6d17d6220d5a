import type { Finding } from '../platform/http/input-error.js';
import type { Cell, CellField, CellText } from './cell.js';
import type { NumberFormat } from './number-format.js';

/** One act of handing in readings: a file, a grid, a call of the API. */
export interface Delivery {
  readonly slug: string;
  readonly source: 'typed' | 'file' | 'api' | 'derived';
  readonly cells: readonly CellText[];
  /** Columns as the sender names them, for findings. */
  readonly columns?: Partial<Record<CellField, string>>;
  /** Found out from the cells when left out. */
  readonly format?: NumberFormat;
  /** Figures are running totals since the launch. */
  readonly cumulative?: boolean;
  /** Why figures that stand already are changed; without it they are not. */
  readonly reason?: string;
  /** They count at once, without waiting for an approval. */
  readonly approve?: boolean;
  /** The office may deliver after the lock; officers need an exception. */
  readonly pastLock?: boolean;
  readonly commit: boolean;
  readonly officer: number | null;
  /** Units the officer may report for; null: all. */
  readonly allowed: ReadonlySet<number> | null;
  readonly file?: { readonly name: string; readonly sha256: string };
}

export interface DeliveryReport {
  readonly rows: number;
  readonly added: number;
  readonly corrected: number;
  readonly unchanged: number;
  readonly committed: boolean;
  readonly format: NumberFormat | null;
  readonly batchId: number | null;
  /** What must be mended; with one of these nothing is taken in. */
  readonly findings: readonly Finding[];
  /** What is worth a second look. */
  readonly warnings: readonly Finding[];
}

/** A cell to be written, and the reading it takes the place of. */
export interface Entry extends Cell {
  readonly supersedesId: number | null;
}
