import type { Chance } from './chance.js';

const FAMILIES =
  'Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Thân Giáp Chu Hà Tạ Khổng Lương'.split(' ');
const MIDDLES = 'Văn Thị Đức Minh Ngọc Thu Quang Hữu Xuân Thanh Bảo Gia Kim Hải Đình'.split(' ');
const GIVEN =
  'An Bình Chi Dũng Giang Hà Hạnh Hiền Hòa Hùng Huyền Khánh Lan Linh Long Mai Nam Nga Oanh Phúc Quân Sơn Tâm Thảo Trang Tuấn Uyên Vinh Yến Đạt'.split(
    ' ',
  );
const TRADES = ['Thương mại', 'Xây dựng', 'Vận tải', 'Nông sản', 'Cơ khí', 'May mặc'];

/** Somebody who pays. Invented, and made so that nobody real can be meant: see the numbers below. */
export interface Payer {
  readonly name: string;
  readonly nationalId: string;
  readonly taxCode: string;
  readonly phone: string;
}

/** Personal numbers begin with a province code that was never given out, telephone numbers with a prefix that no network has. */
export function person(chance: Chance): Payer {
  const name = `${chance.pick(FAMILIES)} ${chance.pick(MIDDLES)} ${chance.pick(GIVEN)}`;
  const born = `${chance.below(2)}${60 + chance.below(40)}`;
  return { name, nationalId: `099${born}${chance.digits(6)}`, taxCode: '', phone: phone(chance) };
}

/** Tax codes begin with a province code that was never given out; their check digit is right. */
export function business(chance: Chance): Payer {
  const name = `Công ty TNHH ${chance.pick(TRADES)} ${chance.pick(FAMILIES)} ${chance.pick(GIVEN)}`;
  return { name, nationalId: '', taxCode: taxCode(chance), phone: phone(chance) };
}

const phone = (chance: Chance) => `095${chance.digits(7)}`;

const WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];

function taxCode(chance: Chance): string {
  for (;;) {
    const stem = `99${1 + chance.below(9)}${chance.digits(6)}`;
    const rest = WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(stem[at]), 0) % 11;
    if (rest !== 0) return `${stem}${10 - rest}`;
  }
}
