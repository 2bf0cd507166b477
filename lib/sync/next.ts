import { AscError } from '@/lib/asc/errors';

interface PageLike {
  readonly next: string | undefined;
  readonly refusedNext?: AscError | undefined;
}

/** After so many pages without a row a list is taken for one that does not end. */
const MOST_EMPTY = 20;

/** The addresses a list has led to so far, so that none is followed twice, and none that cannot be. */
export class Trail {
  readonly #followed = new Set<string>();
  #empty = 0;

  /** `from` is the address the list is gone on with. */
  constructor(from: string | null = null) {
    if (from !== null) this.#followed.add(from);
  }

  /**
   * Where the list goes on after a page of so many rows; undefined at its end.
   * @throws AscError when there is a next page that cannot be asked for, or that was already
   */
  after({ next, refusedNext }: PageLike, rows: number): string | undefined {
    if (refusedNext) throw refusedNext;
    if (next === undefined) return undefined;
    this.#empty = rows === 0 ? this.#empty + 1 : 0;
    if (this.#followed.has(next) || this.#empty > MOST_EMPTY) throw endless(next);
    this.#followed.add(next);
    return next;
  }
}

function endless(url: string): AscError {
  return new AscError({
    kind: 'pagination_loop',
    message: 'The list does not end: App Store Connect names the same next page again.',
    method: 'GET',
    path: url.replace(/^https?:\/\/[^/]*/, ''),
  });
}
