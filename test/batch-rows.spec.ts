import { BatchRows } from '../src/entries/issue/batch-rows.js';
import { BatchPayers } from '../src/entries/issue/batch-payers.js';

describe('the rows of one file', () => {
  const bytes = (text: string) => Buffer.from(text);
  const claim = (rows: BatchRows, text: string) => rows.claim(bytes(text), 0, text.length);
  const find = (rows: BatchRows, text: string) => rows.find(bytes(text), 0, text.length);

  it('know every reference again, and no other, however many more come than were expected', () => {
    const rows = new BatchRows(1);
    const names = Array.from({ length: 50_000 }, (_, row) => `R-${(row * 7919) % 1_000_003}`);
    expect(names.filter((name) => claim(rows, name) !== -1)).toEqual([]);
    expect(rows.size).toBe(names.length);
    for (const [row, name] of names.entries()) {
      if (find(rows, name) !== row || claim(rows, name) !== row)
        throw new Error(`${name}: ${find(rows, name)}`);
      if (find(rows, `${name}x`) !== -1) throw new Error(`${name}x was never claimed`);
    }
    expect(rows.size).toBe(names.length);
    expect(rows.reference(49_999).toString()).toBe(names[49_999]);
    expect(rows.compareReferences(0, 1)).toBe(Buffer.compare(bytes(names[0]!), bytes(names[1]!)));
  });

  it('number each payer once', () => {
    const payers = new BatchPayers();
    const keys = Array.from(
      { length: 50_000 },
      (_, index) => (1_091_000_001 + index * 7919) * 4 + (index % 4),
    );
    expect(keys.every((key, payer) => payers.find(key) === -1 && payers.add(key) === payer)).toBe(true);
    expect(keys.every((key, payer) => payers.find(key) === payer)).toBe(true);
    expect(payers.find(3)).toBe(-1);
  });
});
