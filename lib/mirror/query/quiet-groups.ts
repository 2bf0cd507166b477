import { type RawBuilder, sql } from 'kysely';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { buildsOf, testersOf } from './group-sql';

export interface GroupWithTesters {
  readonly accountId: string;
  readonly appId: string;
  readonly id: string;
  readonly name: string | null;
  readonly testers: number;
}

interface Asked {
  /** ms since 1970 */
  readonly now: number;
  /** Younger groups are left out. */
  readonly days: number;
  readonly accountId?: string | undefined;
}

const asked = forms();
/** Apple's figures are of seven days: readings further apart leave days of which nothing is known. */
const READINGS_APART_DAYS = 8;
const DAY_MS = 86_400_000;
const dayAt = (now: number, before: number) => new Date(now - before * DAY_MS).toISOString().slice(0, 10);

/** Groups that have testers, are so old, and meet a condition. */
const groups = (isOne: boolean, at: Given, condition: RawBuilder<unknown>) =>
  sql<GroupWithTesters>`SELECT * FROM (
    SELECT g."accountId", g."appId", g."id", g."name", coalesce(${testersOf('g')}, 0) AS "testers"
    FROM "betaGroups" AS g
    WHERE ${isOne ? sql`g."accountId" = ${at.accountId}` : sql`1 = 1`} AND g."createdDate" < ${at.since} AND ${condition}
  ) AS found WHERE "testers" > 0 ORDER BY "accountId", "id"`;

interface Given {
  readonly accountId: string;
  readonly since: string;
}

/** Groups that hold no build, as far as that is known; one that gets every build is none. */
export async function emptyGroups(db: Store, { now, days, accountId }: Asked): Promise<GroupWithTesters[]> {
  const isOne = accountId !== undefined;
  const given = { accountId: accountId ?? '', since: dayAt(now, days) };
  const rows = await db.read(
    asked(`empty ${isOne}`, given, (_, at) =>
      groups(isOne, at, sql`g."hasAccessToAllBuilds" IS NOT TRUE AND ${buildsOf('g')} = 0`),
    ),
  );
  return rows.map(counted);
}

/** Groups none of whose members had a session in all that time, as readings tell that reach so far without a hole. */
export async function quietGroups(db: Store, { now, days, accountId }: Asked): Promise<GroupWithTesters[]> {
  const isOne = accountId !== undefined;
  // Readings reach back when each of these spans has one.
  const spans = Array.from({ length: Math.ceil(days / READINGS_APART_DAYS) }, (_, nth) => ({
    from: dayAt(now, Math.min(days, (nth + 1) * READINGS_APART_DAYS)),
    to: dayAt(now, nth * READINGS_APART_DAYS),
  }));
  const given: Given & { readonly [bound: string]: string } = {
    ...{ accountId: accountId ?? '', since: dayAt(now, days) },
    ...Object.fromEntries(
      spans.flatMap(({ from, to }, nth) => [
        [`from${nth}`, from],
        [`to${nth}`, to],
      ]),
    ),
  };
  const rows = await db.read(
    asked(`quiet ${isOne} ${spans.length}`, given, (_, at) => {
      const readings = spans.map(
        (__, nth) => sql`EXISTS (SELECT 1 FROM "testerDays" AS d WHERE d."accountId" = g."accountId"
          AND d."appId" = g."appId" AND d."day" >= ${at[`from${nth}`]} AND d."day" <= ${at[`to${nth}`]}
          AND d."sessionCount" IS NOT NULL)`,
      );
      const sessions = sql`EXISTS (SELECT 1 FROM "betaGroupTesters" AS m JOIN "testerDays" AS d
          ON d."accountId" = m."accountId" AND d."appId" = m."appId" AND d."testerId" = m."testerId"
        WHERE m."accountId" = g."accountId" AND m."groupId" = g."id" AND d."day" >= ${at.since} AND d."sessionCount" > 0)`;
      return groups(isOne, at, sql`${sql.join(readings, sql` AND `)} AND NOT ${sessions}`);
    }),
  );
  return rows.map(counted);
}

const counted = (row: GroupWithTesters): GroupWithTesters => ({ ...row, testers: Number(row.testers) });
