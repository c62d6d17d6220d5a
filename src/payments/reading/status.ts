import { folded } from './profile.js';

export const STATUSES = ['settled', 'pending', 'failed'] as const;
export type Status = (typeof STATUSES)[number];

const STATUS_WORDS: Record<Status, string[]> = {
  settled: ['', 'settled', 'success', 'successful', 'paid', 'thanh cong', 'da thanh toan', '00', '1'],
  pending: ['pending', 'processing', 'dang xu ly', 'cho xu ly'],
  failed: ['failed', 'error', 'cancelled', 'that bai', 'loi', 'da huy'],
};

/** Place of a status in `STATUSES` by the words senders use, or -1; nothing said means settled. */
export function statusOf(text: string): number {
  return STATUSES.findIndex((status) => STATUS_WORDS[status].includes(folded(text)));
}
