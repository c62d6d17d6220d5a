import type { BatchRows } from './batch-rows.js';

export interface Reversed {
  /** Sum taken back, by row of the payment. */
  readonly amounts: ReadonlyMap<number, number>;
  /** Row of the payment taken back, by row of the reversal, where both came in this file. */
  readonly targets: ReadonlyMap<number, number>;
}

/** Which payments of a file are taken back: by reversals in it (row to reference) or by such as came before it. */
export function takenBack(
  rows: BatchRows,
  reversals: ReadonlyMap<number, string>,
  waiting: readonly { reference: string; amount: number }[],
): Reversed {
  const amounts = new Map<number, number>();
  const targets = new Map<number, number>();
  const target = (reference: string) => {
    const bytes = Buffer.from(reference);
    const row = rows.find(bytes, 0, bytes.length);
    return row >= 0 && !rows.isReversal(row) && !rows.isDropped(row) ? row : -1;
  };
  const takeBack = (row: number, amount: number) => amounts.set(row, (amounts.get(row) ?? 0) + amount);
  for (const [reversal, reference] of reversals) {
    const row = rows.isDropped(reversal) ? -1 : target(reference);
    if (row < 0) continue;
    targets.set(reversal, row);
    takeBack(row, rows.amount[reversal]!);
  }
  for (const { reference, amount } of waiting) {
    const row = target(reference);
    if (row >= 0) takeBack(row, amount);
  }
  return { amounts, targets };
}
