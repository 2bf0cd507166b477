import { formatPlural } from '@/lib/format/numbers';
import { isSameTyped, wordToType } from '@/lib/format/typed';
import { RefusedError } from './errors';

/** More removals than this at a time are confirmed by typing their number. */
export const CONFIRM_ABOVE = 50;

/** What a person has typed: a name, or a number with or without separators. */
export type Typed = string | number | undefined;

/** Where a request carries what was typed. */
type Source = { readonly pointer: string } | { readonly header: string } | { readonly parameter: string };
const CONFIRM_BODY: Source = { pointer: '/confirm' };
/** Where callers of the typed proxy put what was typed, percent-encoded; the bodies are Apple's. */
export const CONFIRM_HEADER: Source = { header: 'Flightdeck-Confirm' };
export const CONFIRM_PARAMETER: Source = { parameter: 'confirm' };

/**
 * Holds back what cannot be taken back until a person has typed what it is about: the name of a thing, or how many.
 * @throws RefusedError 409 FLIGHTDECK.CONFIRM with what is expected
 */
export function requireTyped(
  expected: string | number,
  typed: Typed,
  says: string,
  source: Source = CONFIRM_BODY,
): void {
  if (isSameTyped(expected, typed)) return;
  const word = typeof expected === 'number' ? expected : wordToType(expected);
  throw new RefusedError({
    status: 409,
    code: 'FLIGHTDECK.CONFIRM',
    title: 'Please confirm',
    detail: `${says} Type ${typeof word === 'number' ? `the number ${word}` : `“${word}”`} to go on.`,
    source,
    meta: { expected: word },
  });
}

/** @throws RefusedError 409 when more than fifty are removed without their number typed */
export function confirmRemoval(count: number, typed: Typed, source = CONFIRM_BODY): void {
  if (count <= CONFIRM_ABOVE) return;
  requireTyped(count, typed, `This removes ${formatPlural(count, 'tester')}.`, source);
}
