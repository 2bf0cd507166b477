import { sql } from 'kysely';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
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
const members = (join = sql``) => sql`CASE WHEN g."publicLinkLimitEnabled" IS TRUE THEN
  (SELECT COUNT(*) FROM "betaGroupTesters" AS m ${join}
   WHERE m."accountId" = g."accountId" AND m."groupId" = g."id") END`;
const BY_LINK = sql`JOIN "betaTesters" AS t ON t."accountId" = m."accountId" AND t."appId" = m."appId"
  AND t."id" = m."testerId" AND t."inviteType" = 'PUBLIC_LINK'`;

const figures = shape(
  (_, given: { groups: readonly string[][] }, { listed }) => sql<Row>`SELECT g."accountId", g."appId", g."id",
    ${testersOf('g')} AS "testerCount", ${buildsOf('g')} AS "buildCount",
    ${members()} AS "known", ${members(BY_LINK)} AS "linkTesters",
    ${newest('g', 'betaFeedbackScreenshotSubmissions')} AS "screenshotAt",
    ${newest('g', 'betaFeedbackCrashSubmissions')} AS "crashAt",
    ${lastRise('g', 'groupDays', 'testerCount')} AS "grewOn",
    ${lastRise('g', 'linkDays', 'acceptedCount')} AS "joinedOn"
  FROM ${listed(given.groups, ['account', 'group'])} AS k CROSS JOIN "betaGroups" AS g
  WHERE g."accountId" = k."account" AND g."id" = k."group"`,
);

/**
 * What pages say of groups beside Apple's attributes: `testerCount`, `buildCount`, `linkTesterCount` (members who came by the link; null
 * unless it has a limit and all members are known), `lastActivity` ({at, kind}). Null where nothing is known.
 */
export async function groupFigures(
  db: Store,
  resources: readonly ResourceObject[],
): Promise<Map<string, Record<string, unknown>>> {
  const groups = resources.map(({ id, meta }) => [String(meta?.accountId), id]);
  const rows = await db.read(figures({ groups }));
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
