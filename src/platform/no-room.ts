/** The disk, a quota, the largest file the system lets us write, the disk of PostgreSQL. */
const CODES = ['ENOSPC', 'EDQUOT', 'EFBIG', '53100'];

/** Whether something failed because there is no room left for what should be written. */
export function isNoRoom(fault: unknown): boolean {
  return CODES.includes(String((fault as { code?: unknown } | null | undefined)?.code));
}
