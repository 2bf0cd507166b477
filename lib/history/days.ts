import type { SqlValue, Write } from '@/lib/store/database';

// Daily figures are records: a later reading of the same day replaces it, nothing removes it.

/** The sums of a tester's use within Apple's window. */
export interface TesterFigures {
  readonly testerId: string;
  readonly sessionCount: number | null;
  readonly crashCount: number | null;
  readonly feedbackCount: number | null;
}

/** The funnel of a public link, all figures as Apple gives them. */
export const LINK_FIGURES = [
  'viewCount',
  'acceptedCount',
  'didNotAcceptCount',
  'didNotMeetCriteriaCount',
  'notRelevantRatio',
  'notClearRatio',
  'notInterestingRatio',
] as const;
export type LinkFigures = Readonly<Record<(typeof LINK_FIGURES)[number], number | null>>;

/** The sizes of all groups of an account on a day (`YYYY-MM-DD`, UTC), from the mirror. */
export function groupDayStatement(accountId: string, day: string): Write {
  return {
    sql: `INSERT INTO "groupDays" ("accountId", "groupId", "day", "testerCount", "buildCount")
      SELECT g."accountId", g."id", ?, g."testerCount", (SELECT COUNT(*) FROM "buildGroups" AS b WHERE b."accountId" = g."accountId" AND b."groupId" = g."id")
      FROM "betaGroups" AS g WHERE g."accountId" = ?
      ON CONFLICT ("accountId", "groupId", "day") DO UPDATE SET "testerCount" = excluded."testerCount", "buildCount" = excluded."buildCount"`,
    params: [day, accountId],
  };
}

/** A group's link figures on a day. */
export function linkDayStatement(
  accountId: string,
  groupId: string,
  day: string,
  figures: LinkFigures,
): Write {
  const columns = LINK_FIGURES.map((name) => `"${name}"`);
  return {
    sql: `INSERT INTO "linkDays" ("accountId", "groupId", "day", ${columns.join(', ')}) VALUES (?, ?, ?${', ?'.repeat(columns.length)})
      ON CONFLICT ("accountId", "groupId", "day") DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    params: [accountId, groupId, day, ...LINK_FIGURES.map((name) => figures[name])],
  };
}

/** Testers' figures on a day with their state and devices of that day; at most 200 per statement. */
export function testerDayStatements(
  accountId: string,
  appId: string,
  day: string,
  figures: readonly TesterFigures[],
): Write[] {
  const statements: Write[] = [];
  for (let from = 0; from < figures.length; from += 200) {
    const chunk = figures.slice(from, from + 200);
    const params: SqlValue[] = [];
    for (const { testerId, sessionCount, crashCount, feedbackCount } of chunk) {
      params.push(testerId, sessionCount, crashCount, feedbackCount);
    }
    statements.push({
      sql: `WITH f ("testerId", "sessionCount", "crashCount", "feedbackCount") AS (VALUES ${chunk.map(() => '(?, ?, ?, ?)').join(', ')})
        INSERT INTO "testerDays" ("accountId", "appId", "testerId", "day", "state", "sessionCount", "crashCount", "feedbackCount", "devices")
        SELECT ?, ?, f."testerId", ?, t."state", f."sessionCount", f."crashCount", f."feedbackCount", t."appDevices"
        FROM f LEFT JOIN "betaTesters" AS t ON t."accountId" = ? AND t."appId" = ? AND t."id" = f."testerId" WHERE true
        ON CONFLICT ("accountId", "appId", "testerId", "day") DO UPDATE SET "state" = excluded."state",
          "sessionCount" = excluded."sessionCount", "crashCount" = excluded."crashCount",
          "feedbackCount" = excluded."feedbackCount", "devices" = excluded."devices"`,
      params: [...params, accountId, appId, day, accountId, appId],
    });
  }
  return statements;
}
