import type { AscClient, CallOptions } from '@/lib/asc/client-interface';
import { withInlined } from '@/lib/mirror/inlined';
import { type ResourceLike, relationshipOf, toManyIds } from '@/lib/mirror/resource';
import type { Database } from '@/lib/store/database';
import { type CutList, FOLLOWED } from './completion';
import type { ListPlan } from './plan';

/** So many relationships of one page are asked for singly; when a page tells none of all, something is wrong with it. */
const MOST_ASKED = 10;

/** Which of these rows have something in the relationship, as the mirror holds it. */
const HELD: Readonly<Record<string, string>> = {
  'betaTesters betaGroups': `SELECT DISTINCT "testerId" AS id FROM "betaGroupTesters" WHERE "accountId" = ? AND "appId" = ? AND "testerId" IN (SELECT value FROM json_each(?))`,
  'betaTesters builds': `SELECT DISTINCT "testerId" AS id FROM "buildTesters" WHERE "accountId" = ? AND "appId" = ? AND "testerId" IN (SELECT value FROM json_each(?))`,
  'builds betaGroups': `SELECT DISTINCT "buildId" AS id FROM "buildGroups" WHERE "accountId" = ? AND "buildId" IN (SELECT value FROM json_each(?))`,
  'builds betaBuildLocalizations': `SELECT DISTINCT "buildId" AS id FROM "betaBuildLocalizations" WHERE "accountId" = ? AND "buildId" IN (SELECT value FROM json_each(?))`,
};

/**
 * The relationships that a page leaves untold although the mirror holds something of them: whether that is gone or was
 * only left out is not known until it is asked for.
 */
export async function untoldLists(
  db: Database,
  accountId: string,
  { type, appId }: ListPlan,
  resources: readonly ResourceLike[],
): Promise<CutList[]> {
  if (type !== 'betaTesters' && type !== 'builds') return [];
  return (
    await Promise.all(
      (FOLLOWED[type] ?? []).map(async (name) => {
        const untold = resources.filter((resource) => toManyIds(resource, name) === undefined);
        const sql = HELD[`${type} ${name}`];
        if (untold.length === 0 || sql === undefined) return [];
        const ids = JSON.stringify(untold.map(({ id }) => id));
        const scope = type === 'betaTesters' ? [appId ?? ''] : [];
        const held = await db.query<{ id: string }>(sql, [accountId, ...scope, ids]);
        const isToldOfOthers = untold.length < resources.length;
        if (!isToldOfOthers && held.length > MOST_ASKED) return [];
        return held.slice(0, MOST_ASKED).map(({ id }) => ({ type, id, name }));
      }),
    )
  ).flat();
}

/** The groups of a page that had recruitment criteria and now say nothing of them. */
export async function groupsWithUntoldCriteria(
  db: Database,
  accountId: string,
  { type }: ListPlan,
  resources: readonly ResourceLike[],
): Promise<string[]> {
  if (type !== 'betaGroups') return [];
  const untold = resources.filter(
    (resource) => relationshipOf(resource, 'betaRecruitmentCriteria')?.data === undefined,
  );
  if (untold.length === 0) return [];
  const held = await db.query<{ id: string }>(
    `SELECT "id" FROM "betaGroups" WHERE "accountId" = ? AND "criteria" IS NOT NULL AND "id" IN (SELECT value FROM json_each(?))`,
    [accountId, JSON.stringify(untold.map(({ id }) => id))],
  );
  return held.slice(0, MOST_ASKED).map(({ id }) => id);
}

/** One group with its criteria; asked for alone, criteria it still does not name are none. */
export async function readCriteria(asc: AscClient, groupId: string, options: CallOptions) {
  const { document, attempts } = await asc.get(
    'betaGroups',
    groupId,
    { include: ['betaRecruitmentCriteria'] },
    options,
  );
  const group = document.data;
  const resources = group ? withInlined<ResourceLike>([group], { betaRecruitmentCriteria: null }) : [];
  return { resources, included: document.included ?? [], attempts };
}
