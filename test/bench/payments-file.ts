import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const FAMILY = [
  'Nguyễn',
  'Trần',
  'Lê',
  'Phạm',
  'Hoàng',
  'Huỳnh',
  'Phan',
  'Vũ',
  'Võ',
  'Đặng',
  'Bùi',
  'Đỗ',
  'Hồ',
  'Ngô',
];
const MIDDLE = ['Văn', 'Thị', 'Hữu', 'Đức', 'Minh', 'Ngọc', 'Quốc', 'Thanh', 'Xuân', 'Công'];
const GIVEN = [
  'An',
  'Bình',
  'Châu',
  'Dũng',
  'Giang',
  'Hà',
  'Hạnh',
  'Hiếu',
  'Hòa',
  'Hùng',
  'Huệ',
  'Lan',
  'Linh',
  'Mai',
  'Nam',
];
const CHANNEL = ['VNPAY', 'MOMO', 'NAPAS', 'VIETTEL', 'VNPTMONEY', 'BANKQR', 'COUNTER'];
const START = Date.UTC(2025, 6, 1);

export interface FileShape {
  readonly rows: number;
  /** Only sound rows, each reference once. */
  readonly clean?: boolean;
  /** References count from here, so that a second file overlaps the first in part. */
  readonly offset?: number;
  readonly seed?: number;
  /** Another file of which every twentieth line comes again, as it stands there. */
  readonly again?: string;
}

/** A file of invented payments, the same for the same shape: about 1 % faulty rows and 1 % repeats unless clean. */
export function writePaymentsFile(
  path: string,
  { rows, clean = false, offset = 0, seed = 1, again }: FileShape,
): void {
  const next = mulberry(seed);
  const people = Math.max(1000, Math.floor(rows * 0.45));
  const counters = new Map<string, number>();
  const kept: string[] = [];
  const before = again ? firstLines(again, Math.ceil(rows / 20)) : [];
  const file = openSync(path, 'w');
  let lines = ['payment_id,national_id,full_name,phone,amount,paid_at,channel,commune_code,service_code'];
  for (let row = 0; row < rows; row++) {
    const chance = clean ? 5000 : next() % 10_000;
    const known = row % 20 === 0 ? before.pop() : undefined;
    const line =
      known ?? (chance < 100 && kept.length > 0 ? kept[next() % kept.length]! : fresh(row, chance));
    lines.push(line);
    if (kept.length < 1000) kept.push(line);
    else kept[next() % 1000] = line;
    if (lines.length === 20_000) {
      writeSync(file, `${lines.join('\n')}\n`);
      lines = [];
    }
  }
  if (lines.length > 0) writeSync(file, `${lines.join('\n')}\n`);
  closeSync(file);

  function fresh(row: number, chance: number): string {
    const person = next() % people;
    const mixed = spread(person + 1);
    const more = spread(mixed);
    const at = new Date(
      START + (Math.floor((row / rows) * 92 * 86_400) + (next() % 600)) * 1000,
    ).toISOString();
    const channel = CHANNEL[next() % CHANNEL.length]!;
    const day = at.slice(2, 10).replaceAll('-', '');
    const count = (counters.get(channel + day) ?? offset) + 1;
    counters.set(channel + day, count);
    let id = `${String((mixed % 96) + 1).padStart(3, '0')}${mixed % 4}${50 + (more % 50)}${String(person % 1_000_000).padStart(6, '0')}`;
    let amount = String((1 + (next() % 400)) * 5000);
    let moment = `${at.slice(0, 19)}+07:00`;
    let phone = `0${[3, 5, 7, 8, 9][more % 5]}${String(mixed % 100_000_000).padStart(8, '0')}`;
    if (chance >= 100 && chance < 130) id = id.slice(0, 11);
    else if (chance >= 130 && chance < 150) amount = '-5000';
    else if (chance >= 150 && chance < 175) moment = '2025-13-45T00:00:00+07:00';
    else if (chance >= 175 && chance < 200) phone = '12ab';
    const name = `${FAMILY[mixed % 14]} ${MIDDLE[more % 10]} ${GIVEN[(mixed >>> 8) % 15]}`;
    const commune = String(4 + (next() % 3321) * 9).padStart(5, '0');
    const service = `1.${String(100 + (next() % 240) * 37).padStart(6, '0')}`;
    const quoted = chance < 700 ? `"${name}"` : name;
    return `${channel}-${day}-${String(count).padStart(7, '0')},${id},${quoted},${phone},${amount},${moment},${channel},${commune},${service}`;
  }
}

function firstLines(path: string, count: number): string[] {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(count * 160);
  const text = bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
  closeSync(file);
  return text.split('\n').slice(1, count + 1);
}

function mulberry(seed: number): () => number {
  let state = (0x9e3779b9 + seed) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

function spread(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
