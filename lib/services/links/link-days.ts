import { LINK_FIGURES, type LinkFigures } from '@/lib/history/days';
import type { Store } from '@/lib/store/store';

/** The figures of a link as they stood on a UTC day, `YYYY-MM-DD`: counts over its life, shares from 0 to 1. */
export interface LinkDay extends LinkFigures {
  readonly day: string;
}

export interface LinkPlace {
  readonly accountId: string;
  readonly groupId: string;
}

/** The kept days of a link, oldest first, at most `most` of the newest. */
export async function readLinkDays(
  db: Pick<Store, 'read' | 'build'>,
  { accountId, groupId }: LinkPlace,
  most: number,
): Promise<LinkDay[]> {
  const newestFirst = await db.read(
    db.build
      .selectFrom('linkDays')
      .select(['day', ...LINK_FIGURES])
      .where('accountId', '=', accountId)
      .where('groupId', '=', groupId)
      .orderBy('day', 'desc')
      .limit(most),
  );
  return newestFirst.reverse();
}

/** `YYYY-MM-DD` of an instant in ms since 1970. */
export function utcDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
