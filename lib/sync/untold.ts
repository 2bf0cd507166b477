import { entryOf } from '@/lib/asc/catalogue';
import type { AscClient, CallOptions } from '@/lib/asc/client-interface';
import { withInlined } from '@/lib/mirror/inlined';
import { withMembers } from '@/lib/mirror/membership';
import { membershipBy } from '@/lib/mirror/memberships';
import { type ResourceLike, relationshipOf, toManyIds } from '@/lib/mirror/resource';
import { isPerApp } from '@/lib/mirror/tables';
import type { Store } from '@/lib/store/store';
import { type CutList, FOLLOWED, isFollowed } from './completion';
import type { ListPlan } from './plan';

/** So many relationships of one page are asked for singly; when a page tells none of all, something is wrong with it. */
const MOST_ASKED = 10;

/** Which of these rows have something in the relationship, as the mirror holds it. */
async function holders(
  db: Store,
  { accountId, appId }: { accountId: string; appId: string | undefined },
  { type, name, ids }: { type: CutList['type']; name: CutList['name']; ids: readonly string[] },
): Promise<string[]> {
  const { among } = db.dialect;
  const side = membershipBy(type, name);
  if (!side) {
    const texts = await db.read(
      db.build
        .selectFrom('betaBuildLocalizations')
        .select('buildId as id')
        .distinct()
        .where('accountId', '=', accountId)
        .where((is) => among(is.ref('buildId'), ids)),
    );
    return texts.map(({ id }) => id);
  }
  return withMembers(db, side, { accountId, appId: isPerApp(type) ? (appId ?? '') : undefined, ids });
}

/**
 * The relationships that a page leaves untold although the mirror holds something of them: whether that is gone or was
 * only left out is not known until it is asked for.
 */
export async function untoldLists(
  db: Store,
  accountId: string,
  { type, appId }: ListPlan,
  resources: readonly ResourceLike[],
): Promise<CutList[]> {
  if (!isFollowed(type)) return [];
  return (
    await Promise.all(
      FOLLOWED[type].map(async (name) => {
        const untold = resources.filter((resource) => toManyIds(resource, name) === undefined);
        if (untold.length === 0) return [];
        const ids = untold.map(({ id }) => id);
        const held = await holders(db, { accountId, appId }, { type, name, ids });
        const isToldOfOthers = untold.length < resources.length;
        if (!isToldOfOthers && held.length > MOST_ASKED) return [];
        return held.slice(0, MOST_ASKED).map((id) => ({ type, id, name }));
      }),
    )
  ).flat();
}

/** The groups of a page that had recruitment criteria and now say nothing of them. */
export async function groupsWithUntoldCriteria(
  db: Store,
  accountId: string,
  { type }: ListPlan,
  resources: readonly ResourceLike[],
): Promise<string[]> {
  if (!entryOf(type).include.includes('betaRecruitmentCriteria')) return [];
  const untold = resources.filter(
    (resource) => relationshipOf(resource, 'betaRecruitmentCriteria')?.data === undefined,
  );
  if (untold.length === 0) return [];
  const ids = untold.map(({ id }) => id);
  const held = await db.read(
    db.build
      .selectFrom('betaGroups')
      .select('id')
      .where('accountId', '=', accountId)
      .where('criteria', 'is not', null)
      .where((is) => db.dialect.among(is.ref('id'), ids)),
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
