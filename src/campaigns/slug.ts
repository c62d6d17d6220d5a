import { folded } from '../units/unit-name.js';

/** "Chiến dịch cao điểm 92 ngày đêm" → "chien-dich-cao-diem-92-ngay-dem", for the address of its page. */
export const slugOf = (title: string): string =>
  folded(title)
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/g, '');
