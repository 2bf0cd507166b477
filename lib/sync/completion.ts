import { PAGE_LIMIT } from '@/lib/asc/catalogue/limits';
import type { AscClient, AscPage, CallOptions } from '@/lib/asc/client-interface';
import { type ResourceLike, toManyIds } from '@/lib/mirror/resource';
import { Trail } from './next';
import type { ListedType } from './plan';

/** A to-many relationship of which a page carried only the first rows. */
export interface CutList {
  readonly type: 'betaTesters' | 'builds';
  readonly id: string;
  readonly name: 'betaGroups' | 'builds' | 'betaBuildLocalizations';
}

/** The relationships of a list that are read to their end. */
export const FOLLOWED: Readonly<Record<CutList['type'], readonly CutList['name'][]>> = {
  betaTesters: ['betaGroups', 'builds'],
  builds: ['betaGroups', 'betaBuildLocalizations'],
};

/** Whether a list has relationships that are read to their end. */
export const isFollowed = (type: ListedType): type is CutList['type'] => Object.hasOwn(FOLLOWED, type);

/** The relationships of a page that Apple cut short: more exist than were inlined. */
export function cutLists(type: ListedType, resources: readonly ResourceLike[]): CutList[] {
  if (!isFollowed(type)) return [];
  const names = FOLLOWED[type];
  return resources.flatMap((resource) =>
    names
      .filter((name) => {
        const named = toManyIds(resource, name);
        return named !== undefined && !named.isComplete;
      })
      .map((name) => ({ type, id: resource.id, name })),
  );
}

type Follow = (url: string) => Promise<AscPage<ResourceLike>>;

/** All rows of a relationship that was cut short, with the requests it took. */
export async function readWhole(
  asc: AscClient,
  { type, id, name }: CutList,
  options: CallOptions,
): Promise<{ resources: ResourceLike[]; requests: number }> {
  const [first, follow] = await firstOf(asc, { type, id, name }, options);
  const resources = [...first.document.data];
  let requests = first.attempts;
  const trail = new Trail();
  for (let next = trail.after(first, resources.length); next !== undefined; ) {
    const page = await follow(next);
    resources.push(...page.document.data);
    requests += page.attempts;
    next = trail.after(page, page.document.data.length);
  }
  return { resources, requests };
}

async function firstOf(
  asc: AscClient,
  { type, id, name }: CutList,
  options: CallOptions,
): Promise<[AscPage<ResourceLike>, Follow]> {
  const limit = { page: PAGE_LIMIT };
  if (name === 'betaBuildLocalizations') {
    return [
      await asc.listRelated('builds', id, name, { limit }, options),
      (url) => asc.pageFrom(name, url, options),
    ];
  }
  if (type === 'builds') {
    // A build offers no list of its groups; the groups offer a filter by build.
    const query = { filter: { builds: id }, fields: { betaGroups: ['name' as const] }, limit };
    return [await asc.list('betaGroups', query, options), (url) => asc.pageFrom('betaGroups', url, options)];
  }
  if (name === 'builds') {
    const query = { fields: { builds: ['version' as const] }, limit };
    return [
      await asc.listRelated('betaTesters', id, 'builds', query, options),
      (url) => asc.pageFrom('builds', url, options),
    ];
  }
  const query = { fields: { betaGroups: ['name' as const] }, limit };
  return [
    await asc.listRelated('betaTesters', id, 'betaGroups', query, options),
    (url) => asc.pageFrom('betaGroups', url, options),
  ];
}
