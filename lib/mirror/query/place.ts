import type { Condition } from './condition';
import { afterCursor, type OrderColumn } from './order';
import type { MirrorRow } from './rows';
import { type MirrorQuery, MirrorQueryError } from './types';

/** The rows of a page in order (one more than asked for when there is a next page), and how many there are in all. */
export interface RowPage {
  readonly rows: readonly MirrorRow[];
  readonly total: number;
  readonly isTotalLowerBound?: true;
}

/** Where the page begins: after a cursor, or at an offset. */
export function placeOf(
  { cursor, offset }: MirrorQuery,
  order: readonly OrderColumn[],
): { after: Condition[]; offset: number } {
  if (cursor !== undefined) return { after: [afterCursor(order, cursor)], offset: 0 };
  if (offset !== undefined && (!Number.isInteger(offset) || offset < 0)) {
    throw new MirrorQueryError('offset', 'The offset is a whole number from 0.');
  }
  return { after: [], offset: offset ?? 0 };
}
