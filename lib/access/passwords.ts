import { createHash, randomBytes } from 'node:crypto';
import { COMMON_PASSWORDS } from './common-passwords';

/** OWASP's argon2id parameters; about 25 ms on a thread of the library's own, so the event loop stays free. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const PASSWORD_MIN = 10;
/** Long passphrases are welcome; the cap only bounds the work of one request. */
export const PASSWORD_MAX = 512;

/** Why a password cannot be taken, in words for the person, or null when it can. */
export function passwordProblem(password: string, email?: string): string | null {
  if ([...password].length < PASSWORD_MIN) return `Use at least ${PASSWORD_MIN} characters.`;
  if (password.length > PASSWORD_MAX) return `Use at most ${PASSWORD_MAX} characters.`;
  const plain = password.normalize('NFKC').toLowerCase();
  if (new Set(plain).size < 4) return 'This password repeats too few characters.';
  if (COMMON_PASSWORDS.has(plain) || COMMON_PASSWORDS.has(plain.replace(/[\d\W_]+$/u, ''))) {
    return 'This password is among the most common ones.';
  }
  const name = email?.split('@')[0]?.toLowerCase() ?? '';
  if (
    email &&
    (plain === email.toLowerCase() ||
      (name.length > 3 && plain.startsWith(name) && plain.length < name.length + 5))
  ) {
    return 'This password is too close to the e-mail address.';
  }
  return null;
}

/** Loaded by the first password: a start does not wait for it. */
const argon2 = () => import('@node-rs/argon2');

/** The argon2id hash of a password, as a PHC string. */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await argon2();
  return hash(digest(password), COST);
}

/** Whether the password belongs to the hash. */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  const { verify } = await argon2();
  return verify(passwordHash, digest(password));
}

/** A hash nobody knows the password of: verified for unknown addresses, so that they take the same time. */
export function dummyHash(): Promise<string> {
  dummy ??= hashPassword(randomBytes(32).toString('base64url'));
  return dummy;
}
let dummy: Promise<string> | undefined;

/** A password to hand over once, such as `kz4m-9dft-xw2q-h7rv` (about 78 bits). */
export function temporaryPassword(random: (size: number) => Uint8Array = randomBytes): string {
  const letters = 'abcdefghjkmnpqrstvwxyz23456789';
  const text = [...random(64)]
    .filter((byte) => byte < 240)
    .slice(0, 16)
    .map((byte) => letters[byte % 30]);
  return text.join('').replace(/(.{4})(?=.)/g, '$1-');
}

// Composed and decomposed spellings of one passphrase are the same; a fixed length bounds argon2's input.
function digest(password: string): string {
  return createHash('sha512').update(password.normalize('NFKC')).digest('base64');
}
