import { RefusedError } from './errors';

/**
 * What cannot be taken back wants the name of the thing typed, also from callers without a page.
 * @throws RefusedError 409 with the word that is expected
 */
export function requireTyped(
  word: string,
  typed: string | undefined,
  says: string,
  source: { readonly pointer: string } | { readonly header: string } = { pointer: '/confirm' },
): void {
  if (typed?.trim() === word.trim()) return;
  throw new RefusedError({
    status: 409,
    code: 'FLIGHTDECK.CONFIRM',
    title: 'Please confirm',
    detail: `${says} Type “${word}” to go on.`,
    source,
    meta: { expected: word },
  });
}
