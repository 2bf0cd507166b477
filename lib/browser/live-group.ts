import { ApiError, api } from './api';
import { nextCursor } from './lists';
import type {
  DeviceFamilyFilter,
  GroupResource,
  Linkage,
  ListDocument,
  OneDocument,
  ResourceObject,
} from './types';

const MOST_PAGES = 50;

/** The ids of a group's members or builds as App Store Connect has them now; `isAll` is false when there are too many. */
export const liveIds = (groupId: string, name: 'betaTesters' | 'builds') => idsAt(pathOf(groupId), name);

/** The ids of whom a build was given to one by one. */
export const individualIds = (buildId: string) =>
  idsAt(`/api/v1/builds/${encodeURIComponent(buildId)}`, 'individualTesters');

async function idsAt(path: string, name: string): Promise<{ ids: string[]; isAll: boolean }> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = new URLSearchParams({ limit: '200', refresh: '1' });
    if (cursor !== undefined) query.set('cursor', cursor);
    const answer = await api<ListDocument<Linkage>>(`${path}/relationships/${name}?${query}`);
    ids.push(...answer.data.map(({ id }) => id));
    cursor = nextCursor(answer);
    if (cursor === undefined) return { ids, isAll: true };
  }
  return { ids, isAll: false };
}

/** A group as App Store Connect has it now. */
export interface LiveGroup {
  readonly appId: string | null;
  readonly appName: string | null;
  readonly testerCount: number;
  readonly buildCount: number;
  readonly filters: readonly DeviceFamilyFilter[] | null;
  readonly hasCompatibleBuild: boolean | null;
}

type App = ResourceObject<{ name?: string | null }>;
type Criteria = ResourceObject<{ deviceFamilyOsVersionFilters?: readonly DeviceFamilyFilter[] | null }>;
type Check = ResourceObject<{ hasCompatibleBuild?: boolean | null }>;

/** Asks App Store Connect for a group with everything around it; brings our copy of the group up to date on the way. */
export async function liveGroup(groupId: string): Promise<LiveGroup> {
  const path = pathOf(groupId);
  const [, appLink, criteriaLink, testers, builds] = await Promise.all([
    api<OneDocument<GroupResource>>(`${path}?refresh=1`),
    api<{ data: Linkage | null }>(`${path}/relationships/app?refresh=1`),
    orNone(api<{ data: Linkage | null }>(`${path}/relationships/betaRecruitmentCriteria?refresh=1`)),
    liveIds(groupId, 'betaTesters'),
    liveIds(groupId, 'builds'),
  ]);
  const [app, criteria, check] = await Promise.all([
    api<{ data: App | null }>(`${path}/app?refresh=1`),
    criteriaLink?.data ? api<{ data: Criteria | null }>(`${path}/betaRecruitmentCriteria?refresh=1`) : null,
    criteriaLink?.data
      ? api<{ data: Check | null }>(`${path}/betaRecruitmentCriterionCompatibleBuildCheck`)
      : null,
  ]);
  return {
    appId: appLink.data?.id ?? null,
    appName: app.data?.attributes?.name ?? null,
    testerCount: testers.ids.length,
    buildCount: builds.ids.length,
    filters: criteria?.data?.attributes?.deviceFamilyOsVersionFilters ?? null,
    hasCompatibleBuild: check?.data?.attributes?.hasCompatibleBuild ?? null,
  };
}

/** A to-one relationship that leads to nothing is answered with 404. */
async function orNone<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

const pathOf = (groupId: string) => `/api/v1/betaGroups/${encodeURIComponent(groupId)}`;
