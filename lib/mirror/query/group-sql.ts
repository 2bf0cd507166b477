import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Dialect } from '@/lib/store/dialect';

// What is known of a group beside Apple's attributes, over its row: pages show it, and lists are sorted by it.

const column = (alias: string, name: string) => sql.ref(`${alias}.${name}`);

/** Newest feedback of a kind by a member; the index is walked from its newest end, so the first hit is the answer. */
export const newest = (
  g: string,
  type: string,
): RawBuilder<string | null> => sql`(SELECT f."createdDate" FROM "feedback" AS f
  WHERE f."accountId" = ${column(g, 'accountId')} AND f."appId" = ${column(g, 'appId')} AND f."type" = ${sql.lit(type)}
    AND f."createdDate" IS NOT NULL
    AND EXISTS (SELECT 1 FROM "betaGroupTesters" AS m
      WHERE m."accountId" = f."accountId" AND m."groupId" = ${column(g, 'id')} AND m."testerId" = f."testerId")
  ORDER BY f."createdDate" DESC LIMIT 1)`;

/** The last day on which a daily figure was higher than on the day before it was kept. */
export const lastRise = (
  g: string,
  table: 'groupDays' | 'linkDays',
  figure: string,
): RawBuilder<string | null> => sql`(SELECT d."day" FROM (
    SELECT "day", ${sql.ref(figure)} AS figure, LAG(${sql.ref(figure)}) OVER (ORDER BY "day") AS former FROM ${sql.table(table)}
    WHERE "accountId" = ${column(g, 'accountId')} AND "groupId" = ${column(g, 'id')}) AS d
  WHERE d.figure > d.former ORDER BY d."day" DESC LIMIT 1)`;

// Once all builds are there, who holds them is counted; before that a count of none would be untrue.
export const buildsOf = (
  g: string,
): RawBuilder<number | null> => sql`CASE WHEN EXISTS (SELECT 1 FROM "syncScopes" AS s
    WHERE s."accountId" = ${column(g, 'accountId')} AND s."scope" = 'builds' AND s."completedAt" IS NOT NULL)
  THEN (SELECT COUNT(*) FROM "buildGroups" AS b
    WHERE b."accountId" = ${column(g, 'accountId')} AND b."groupId" = ${column(g, 'id')})
  ELSE ${column(g, 'buildCount')} END`;

// A group made here comes without Apple's count; its members are counted once the app's testers were read to the end.
export const testersOf = (
  g: string,
): RawBuilder<number | null> => sql`coalesce(${column(g, 'testerCount')}, CASE WHEN EXISTS (
    SELECT 1 FROM "syncScopes" AS s WHERE s."accountId" = ${column(g, 'accountId')}
      AND s."scope" = 'betaTesters/' || ${column(g, 'appId')} AND s."completedAt" IS NOT NULL)
  THEN (SELECT COUNT(*) FROM "betaGroupTesters" AS m
    WHERE m."accountId" = ${column(g, 'accountId')} AND m."groupId" = ${column(g, 'id')}) END)`;

/**
 * When a group's members last did anything that is known; null when nothing is. Instants are kept in UTC, so that text
 * sorts as time does, a day before its hours.
 */
export const lastActivityOf = (g: string, { greatest }: Dialect): RawBuilder<string | null> =>
  sql`nullif(${greatest(
    [
      newest(g, 'betaFeedbackScreenshotSubmissions'),
      newest(g, 'betaFeedbackCrashSubmissions'),
      lastRise(g, 'groupDays', 'testerCount'),
      lastRise(g, 'linkDays', 'acceptedCount'),
    ].map((one): RawBuilder<string> => sql`coalesce(${one}, '')`),
  )}, '')`;

/** Whether any group gets the build `t`. */
export const IS_IN_GROUP = sql<SqlBool>`EXISTS (SELECT 1 FROM "buildGroups" AS m WHERE m."accountId" = t."accountId" AND m."buildId" = t."id")`;
