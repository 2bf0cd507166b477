import type { Database } from '@/lib/store/database';
import type { ResourceObject } from '../resource';
import { buildsOf, lastRise, newest, testersOf } from './group-sql';

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

// Only links with a limit fill up, and only there are members counted: a group may have ten thousand.
const members = (condition: string) => `CASE WHEN g."publicLinkLimitEnabled" IS 1 THEN
  (SELECT COUNT(*) FROM "betaGroupTesters" AS m ${condition}
   WHERE m."accountId" = g."accountId" AND m."groupId" = g."id") END`;
const BY_LINK = `JOIN "betaTesters" AS t ON t."accountId" = m."accountId" AND t."appId" = m."appId"
  AND t."id" = m."testerId" AND t."inviteType" = 'PUBLIC_LINK'`;

const SQL = `SELECT g."accountId", g."appId", g."id", ${testersOf('g')} AS testerCount,
  ${buildsOf('g')} AS buildCount, ${members('')} AS known, ${members(BY_LINK)} AS linkTesters,
  ${newest('g', 'betaFeedbackScreenshotSubmissions')} AS screenshotAt,
  ${newest('g', 'betaFeedbackCrashSubmissions')} AS crashAt,
  ${lastRise('g', 'groupDays', 'testerCount')} AS grewOn,
  ${lastRise('g', 'linkDays', 'acceptedCount')} AS joinedOn
FROM json_each(?) AS k JOIN "betaGroups" AS g
  ON g."accountId" = json_extract(k.value, '$.a') AND g."id" = json_extract(k.value, '$.i')`;

/**
 * What pages say of groups beside Apple's attributes: `testerCount`, `buildCount`, `linkTesterCount` (members who came by the link; null
 * unless it has a limit and all members are known), `lastActivity` ({at, kind}). Null where nothing is known.
 */
export async function groupFigures(
  db: Database,
  resources: readonly ResourceObject[],
): Promise<Map<string, Record<string, unknown>>> {
  const wanted = JSON.stringify(resources.map(({ id, meta }) => ({ a: meta?.accountId, i: id })));
  const rows = await db.query<Row>(SQL, [wanted]);
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
