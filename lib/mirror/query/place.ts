import { allOf, type Condition } from './condition';
import { type OrderColumn, stretchesAfter } from './order';
import type { MirrorRow } from './rows';
import { type MirrorQuery, MirrorQueryError } from './types';

/** The rows of a page in order (one more than asked for when there is a next page), and how many there are in all. */
export interface RowPage {
  readonly rows: readonly MirrorRow[];
  readonly total: number;
  readonly isTotalLowerBound?: true;
}

/** Where the page begins: after a cursor, in stretches that follow each other, or at an offset. */
export interface Place {
  readonly stretches: readonly Condition[];
  readonly offset: number;
}

/** @throws MirrorQueryError for a cursor or an offset that is none */
export function placeOf({ cursor, offset }: MirrorQuery, order: readonly OrderColumn[]): Place {
  if (cursor !== undefined) return { stretches: stretchesAfter(order, cursor), offset: 0 };
  if (offset !== undefined && (!Number.isInteger(offset) || offset < 0)) {
    throw new MirrorQueryError('offset', 'The offset is a whole number from 0.');
  }
  return { stretches: [allOf([])], offset: offset ?? 0 };
}

/** The first rows of a place: a stretch is read when those before it did not have enough. */
export async function firstOf<Row>(
  { stretches }: Place,
  most: number,
  read: (stretch: Condition, most: number) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const stretch of stretches) {
    if (rows.length < most) rows.push(...(await read(stretch, most - rows.length)));
  }
  return rows;
}
