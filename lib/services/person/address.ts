import { z } from 'zod';
import { addressKey } from '@/lib/mirror/text';
import { badMember } from '../errors';

const MOST_LETTERS = 320;

/** Which person, by e-mail address. */
export const personBody = z.strictObject({ address: z.string().max(2 * MOST_LETTERS) });

/** An address as it is compared: without blanks, in lower case. @throws RefusedError 400 for what is none */
export function addressOf(given: string): string {
  const address = addressKey(given.normalize('NFC').trim());
  if (address.length > MOST_LETTERS || !/^[^\s@<>"(),;:]+@[^\s@<>"(),;:]+$/.test(address))
    throw badMember('/address', 'Enter one e-mail address.');
  return address;
}

/** What letters may stand anywhere, in JSON and in an address of a page alike. */
const PLAIN = /^[a-z0-9._-]+@[a-z0-9._-]+$/;

/** What a text holds that holds the address, whatever it is written in: all of one of these. */
export function partsOf(address: string): string[][] {
  if (PLAIN.test(address)) return [[address], [address.replace('@', '%40')]];
  const parts = address.split(/[^a-z0-9._-]+/).filter((part) => part !== '');
  return [parts];
}

/** Finds an address as a word of its own: `ada@example.com` is not in `mada@example.com` or `ada@example.community`. */
export function wordOf(address: string): RegExp {
  const escaped = address.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&').replace('@', '(?:@|%40)');
  return new RegExp(
    `(?:(?<![\\p{L}\\p{N}._+-])|(?<=%[0-9A-F]{2}))${escaped}(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`,
    'giu',
  );
}
