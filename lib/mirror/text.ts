import { fold } from '@/lib/store/fold';
import { keyText, searchedText } from '@/lib/store/text';

export { fold, keyText, searchedText };

/** Sorts after every name: people who came by a public link have none. */
const NAMELESS = '\u{10FFFF}';

/** "last first", folded; the value sorts nameless people last. */
export function nameKey(firstName: unknown, lastName: unknown): string {
  const name = [lastName, firstName].filter((part) => typeof part === 'string' && part !== '').join(' ');
  return name === '' || name === 'Anonymous' ? NAMELESS : keyText(fold(name));
}

/** An address as it is looked up and sorted: in lower case. */
export const addressKey = (email: string): string => keyText(email.toLowerCase());

/** How a typed text may stand in a name: “adams, declan” is also “adams declan”, the way lists write people. */
export function spellings(wanted: string): string[] {
  const plain = wanted
    .replace(/\s*,\s*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain === '' || plain === wanted ? [wanted] : [wanted, plain];
}

/**
 * A version as text that sorts as people expect: `2.9` before `2.10`, `2.10` before `2.10.1`, `2.10-beta` as 2.10.
 * Null for null; what is no version at all sorts by its own letters, after the numbers.
 */
export function versionKey(version: unknown): string | null {
  if (typeof version !== 'string') return null;
  return version
    .trim()
    .split(/[.\-+_ ]/)
    .map((part) => (/^\d{1,18}$/.test(part) ? part.replace(/^0+(?=\d)/, '').padStart(18, '0') : `~${part}`))
    .join('.');
}
