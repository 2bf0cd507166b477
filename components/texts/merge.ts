import { diff3Merge } from 'node-diff3';
import type { Conflict } from './edits';

const PIECES = /\n|[^\n]+/g;

/** Both versions in one text: what only one has changed is taken; where both have, both stand below each other. */
export function mergedText({ base, mine, theirs }: Conflict): { text: string; isClean: boolean } {
  const lines = (text: string) => text.match(PIECES) ?? [];
  const regions = diff3Merge(lines(mine), lines(base), lines(theirs));
  const isClean = regions.every(({ conflict }) => conflict === undefined);
  const text = regions
    .map(({ ok, conflict }) =>
      conflict
        ? [...conflict.b, ...(conflict.a.length > 0 ? ['\n', ...conflict.a] : [])].join('')
        : (ok ?? []).join(''),
    )
    .join('');
  return { text, isClean };
}
