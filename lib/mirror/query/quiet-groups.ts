import { sql } from 'kysely';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { buildsOf, testersOf } from './group-sql';

export interface QuietGroup {
  readonly accountId: string;
  readonly appId: string;
  readonly id: string;
  readonly name: string | null;
  readonly testers: number;
  /** Null where it is not known, and for a group that gets every build. */
  readonly builds: number | null;
}

const asked = forms();
/** Apple's figures are of seven days: readings further apart leave days of which nothing is known. */
const READINGS_APART_DAYS = 8;
const DAY_MS = 86_400_000;

/**
 * Groups that have testers and are older than `days`, and either hold no build or had no session in all that time, as
 * readings tell that reach so far. `now` in ms since 1970.
 */
export async function quietGroups(
  db: Store,
  {
    now,
    days,
    accountId,
  }: { readonly now: number; readonly days: number; readonly accountId?: string | undefined },
): Promise<QuietGroup[]> {
  const dayAt = (before: number) => new Date(now - before * DAY_MS).toISOString().slice(0, 10);
  // Readings reach back when each of these spans has one.
  const spans = Array.from({ length: Math.ceil(days / READINGS_APART_DAYS) }, (_, nth) => ({
    from: dayAt(Math.min(days, (nth + 1) * READINGS_APART_DAYS)),
    to: dayAt(nth * READINGS_APART_DAYS),
  }));
  const given = {
    accountId: accountId ?? '',
    since: dayAt(days),
    ...Object.fromEntries(
      spans.flatMap(({ from, to }, nth) => [
        [`from${nth}`, from],
        [`to${nth}`, to],
      ]),
    ),
  } as { accountId: string; since: string } & Record<string, string>;
  const rows = await db.read(
    asked(`${accountId === undefined} ${spans.length}`, given, (_, at) => {
      const account = accountId === undefined ? sql`1 = 1` : sql`g."accountId" = ${at.accountId}`;
      const readings = spans.map(
        (__, nth) => sql`EXISTS (SELECT 1 FROM "testerDays" AS d WHERE d."accountId" = g."accountId"
          AND d."appId" = g."appId" AND d."day" >= ${at[`from${nth}`]} AND d."day" <= ${at[`to${nth}`]}
          AND d."sessionCount" IS NOT NULL)`,
      );
      const sessions = sql`EXISTS (SELECT 1 FROM "betaGroupTesters" AS m JOIN "testerDays" AS d
          ON d."accountId" = m."accountId" AND d."appId" = m."appId" AND d."testerId" = m."testerId"
        WHERE m."accountId" = g."accountId" AND m."groupId" = g."id" AND d."day" >= ${at.since} AND d."sessionCount" > 0)`;
      return sql<QuietGroup>`SELECT "accountId", "appId", "id", "name", "testers", "builds" FROM (
        SELECT g."accountId", g."appId", g."id", g."name", coalesce(${testersOf('g')}, 0) AS "testers",
          CASE WHEN g."hasAccessToAllBuilds" IS TRUE THEN NULL ELSE ${buildsOf('g')} END AS "builds",
          CASE WHEN ${sql.join(readings, sql` AND `)} THEN 1 ELSE 0 END AS "isRead",
          CASE WHEN ${sessions} THEN 1 ELSE 0 END AS "isUsed"
        FROM "betaGroups" AS g WHERE ${account} AND g."createdDate" < ${at.since}) AS found
      WHERE "testers" > 0 AND ("builds" = 0 OR ("isRead" = 1 AND "isUsed" = 0))
      ORDER BY "accountId", "id"`;
    }),
  );
  return rows.map((row) => ({
    ...row,
    testers: Number(row.testers),
    builds: row.builds === null ? null : Number(row.builds),
  }));
}
