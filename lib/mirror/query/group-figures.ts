import type { ResourceObject } from '../resource';
import type { Database } from '../store';

interface Row {
  accountId: string;
  appId: string;
  id: string;
  known: number | null;
  linkTesters: number | null;
  testerCount: number | null;
  buildCount: number | null;
  screenshotAt: string | null;
  crashAt: string | null;
  grewOn: string | null;
  joinedOn: string | null;
}

type Activity = { readonly at: string; readonly kind: 'feedback' | 'joined' };

/** Newest feedback of a kind by a member; the index is walked from its newest end, so the first hit is the answer. */
const newest = (type: string) => `(SELECT f."createdDate" FROM "feedback" AS f
  WHERE f."accountId" = g."accountId" AND f."appId" = g."appId" AND f."type" = '${type}'
    AND EXISTS (SELECT 1 FROM "betaGroupTesters" AS m
      WHERE m."accountId" = f."accountId" AND m."groupId" = g."id" AND m."testerId" = f."testerId")
  ORDER BY f."createdDate" DESC LIMIT 1)`;

/** The last day on which a daily figure was higher than on the day before it was kept. */
const lastRise = (table: string, column: string) => `(SELECT d."day" FROM (
    SELECT "day", "${column}" AS now, LAG("${column}") OVER (ORDER BY "day") AS before FROM "${table}"
    WHERE "accountId" = g."accountId" AND "groupId" = g."id") AS d
  WHERE d.now > d.before ORDER BY d."day" DESC LIMIT 1)`;

// Only links with a limit fill up, and only there are members counted: a group may have ten thousand.
const members = (condition: string) => `CASE WHEN g."publicLinkLimitEnabled" IS 1 THEN
  (SELECT COUNT(*) FROM "betaGroupTesters" AS m ${condition}
   WHERE m."accountId" = g."accountId" AND m."groupId" = g."id") END`;
const BY_LINK = `JOIN "betaTesters" AS t ON t."accountId" = m."accountId" AND t."appId" = m."appId"
  AND t."id" = m."testerId" AND t."inviteType" = 'PUBLIC_LINK'`;

// Once all builds are there, who holds them is counted; before that a count of none would be untrue.
const BUILDS = `CASE WHEN EXISTS (SELECT 1 FROM "syncScopes" AS s WHERE s."accountId" = g."accountId"
    AND s."scope" = 'builds' AND s."completedAt" IS NOT NULL)
  THEN (SELECT COUNT(*) FROM "buildGroups" AS b WHERE b."accountId" = g."accountId" AND b."groupId" = g."id")
  ELSE g."buildCount" END`;

// A group made here comes without Apple's count; its members are counted once the app's testers were read to the end.
const TESTERS = `coalesce(g."testerCount", CASE WHEN EXISTS (SELECT 1 FROM "syncScopes" AS s
    WHERE s."accountId" = g."accountId" AND s."scope" = 'betaTesters/' || g."appId" AND s."completedAt" IS NOT NULL)
  THEN (SELECT COUNT(*) FROM "betaGroupTesters" AS m
    WHERE m."accountId" = g."accountId" AND m."groupId" = g."id") END)`;

const SQL = `SELECT g."accountId", g."appId", g."id", ${TESTERS} AS testerCount,
  ${BUILDS} AS buildCount, ${members('')} AS known, ${members(BY_LINK)} AS linkTesters,
  ${newest('betaFeedbackScreenshotSubmissions')} AS screenshotAt,
  ${newest('betaFeedbackCrashSubmissions')} AS crashAt,
  ${lastRise('groupDays', 'testerCount')} AS grewOn,
  ${lastRise('linkDays', 'acceptedCount')} AS joinedOn
FROM json_each(?) AS k JOIN "betaGroups" AS g
  ON g."accountId" = json_extract(k.value, '$.a') AND g."id" = json_extract(k.value, '$.i')`;

/**
 * What pages say of groups beside Apple's attributes: `testerCount`, `buildCount`, `linkTesterCount` (members who came by the link; null
 * unless it has a limit and all members are known), `lastActivity` ({at, kind}). Null where nothing is known.
 */
export function groupFigures(
  db: Database,
  resources: readonly ResourceObject[],
): Map<string, Record<string, unknown>> {
  const wanted = JSON.stringify(resources.map(({ id, meta }) => ({ a: meta?.accountId, i: id })));
  const rows = db.query<Row>(SQL, [wanted]);
  return new Map(
    rows.map((row) => {
      const isComplete = row.known !== null && row.known >= (row.testerCount ?? Number.POSITIVE_INFINITY);
      return [
        `${row.accountId} ${row.appId} ${row.id}`,
        {
          testerCount: row.testerCount,
          buildCount: row.buildCount,
          linkTesterCount: isComplete ? row.linkTesters : null,
          lastActivity: lastOf(row),
        },
      ];
    }),
  );
}

function lastOf({ screenshotAt, crashAt, grewOn, joinedOn }: Row): Activity | null {
  const found: Activity[] = [];
  for (const at of [screenshotAt, crashAt]) if (at) found.push({ at, kind: 'feedback' });
  for (const day of [grewOn, joinedOn]) if (day) found.push({ at: `${day}T00:00:00Z`, kind: 'joined' });
  return found.reduce<Activity | null>(
    (last, one) => (last && Date.parse(last.at) >= Date.parse(one.at) ? last : one),
    null,
  );
}
