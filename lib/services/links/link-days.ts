import { LINK_FIGURES, type LinkFigures } from '@/lib/history/days';
import type { Database } from '@/lib/store/database';

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
  db: Database,
  { accountId, groupId }: LinkPlace,
  most: number,
): Promise<LinkDay[]> {
  const columns = LINK_FIGURES.map((name) => `"${name}"`).join(', ');
  return (
    await db.query<LinkDay>(
      `SELECT "day", ${columns} FROM "linkDays" WHERE "accountId" = ? AND "groupId" = ? ORDER BY "day" DESC LIMIT ?`,
      [accountId, groupId, most],
    )
  ).reverse();
}

/** `YYYY-MM-DD` of an instant in ms since 1970. */
export function utcDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
