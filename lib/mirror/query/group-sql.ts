// What is known of a group beside Apple's attributes, as SQL over its row: pages show it, and lists are sorted by it.

/** Newest feedback of a kind by a member; the index is walked from its newest end, so the first hit is the answer. */
export const newest = (g: string, type: string) => `(SELECT f."createdDate" FROM "feedback" AS f
  WHERE f."accountId" = ${g}."accountId" AND f."appId" = ${g}."appId" AND f."type" = '${type}'
    AND EXISTS (SELECT 1 FROM "betaGroupTesters" AS m
      WHERE m."accountId" = f."accountId" AND m."groupId" = ${g}."id" AND m."testerId" = f."testerId")
  ORDER BY f."createdDate" DESC LIMIT 1)`;

/** The last day on which a daily figure was higher than on the day before it was kept. */
export const lastRise = (g: string, table: string, column: string) => `(SELECT d."day" FROM (
    SELECT "day", "${column}" AS now, LAG("${column}") OVER (ORDER BY "day") AS before FROM "${table}"
    WHERE "accountId" = ${g}."accountId" AND "groupId" = ${g}."id") AS d
  WHERE d.now > d.before ORDER BY d."day" DESC LIMIT 1)`;

// Once all builds are there, who holds them is counted; before that a count of none would be untrue.
export const buildsOf = (
  g: string,
) => `CASE WHEN EXISTS (SELECT 1 FROM "syncScopes" AS s WHERE s."accountId" = ${g}."accountId"
    AND s."scope" = 'builds' AND s."completedAt" IS NOT NULL)
  THEN (SELECT COUNT(*) FROM "buildGroups" AS b WHERE b."accountId" = ${g}."accountId" AND b."groupId" = ${g}."id")
  ELSE ${g}."buildCount" END`;

// A group made here comes without Apple's count; its members are counted once the app's testers were read to the end.
export const testersOf = (
  g: string,
) => `coalesce(${g}."testerCount", CASE WHEN EXISTS (SELECT 1 FROM "syncScopes" AS s
    WHERE s."accountId" = ${g}."accountId" AND s."scope" = 'betaTesters/' || ${g}."appId" AND s."completedAt" IS NOT NULL)
  THEN (SELECT COUNT(*) FROM "betaGroupTesters" AS m
    WHERE m."accountId" = ${g}."accountId" AND m."groupId" = ${g}."id") END)`;

const moment = (sql: string) => `coalesce(julianday(${sql}), 0)`;

/** When a group's members last did anything that is known, as a day number; null when nothing is. */
export const lastActivityOf = (g: string) =>
  `nullif(max(${[
    newest(g, 'betaFeedbackScreenshotSubmissions'),
    newest(g, 'betaFeedbackCrashSubmissions'),
    lastRise(g, 'groupDays', 'testerCount'),
    lastRise(g, 'linkDays', 'acceptedCount'),
  ]
    .map(moment)
    .join(', ')}), 0)`;
