import { hash, verify } from '@node-rs/argon2';

/** argon2id with 19 MiB and two passes, the library's defaults and OWASP's; written here so that an upgrade cannot change them. */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const LEAST = 12;
const MOST = 200;

export type PasswordFault = 'short' | 'long' | 'common' | 'login';

/** What is wrong with a new password; undefined when nothing is. Length counts, composition does not. */
export function passwordFault(password: string, login: string): PasswordFault | undefined {
  const plain = written(password).toLowerCase();
  if ([...plain].length < LEAST) return 'short';
  if (plain.length > MOST) return 'long';
  if (new Set(plain).size < 5 || COMMON.some((word) => plain.startsWith(word))) return 'common';
  if (login.length > 3 && plain.includes(login.split('@')[0] ?? login)) return 'login';
  return undefined;
}

/** What every list of stolen passwords of twelve and more characters begins with. */
const COMMON = [
  '123456789',
  '987654321',
  'qwertyuiop',
  'password',
  'matkhau',
  'admin123',
  'abcdefgh',
  'iloveyou',
  'letmein',
];

export const hashPassword = (password: string) => hash(written(password), COST);

let nobody: Promise<string> | undefined;

/** Takes the same time for a name that does not exist (`stored` undefined) as for a wrong password. */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  nobody ??= hash('nobody has this password', COST);
  const right = await verify(stored ?? (await nobody), written(password).slice(0, MOST));
  return right && stored !== undefined;
}

/** Vietnamese letters can be typed in two ways; both must be the same password. */
const written = (password: string) => password.normalize('NFKC');
