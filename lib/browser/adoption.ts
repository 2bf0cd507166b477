import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Adoption, Installed, Straggler, Stragglers, Target } from '@/lib/services/adoption/adoption';
import type { BuildRef } from '@/lib/services/adoption/build-ref';
import type { Course } from '@/lib/services/adoption/course';
import type { Coverage, Covered } from '@/lib/services/adoption/coverage';
import type { Standing } from '@/lib/services/adoption/standing';
import { api } from './api';
import { keys } from './keys';

export type { Adoption, BuildRef, Course, Coverage, Covered, Installed, Standing, Straggler, Target };

const pathOf = (appId: string) => `/api/programme/adoption/${encodeURIComponent(appId)}`;

/** Where who is on which build of an app is kept; every write to Apple asks again. */
export const adoptionKey = (appId: string) => keys.own('people', `adoption ${appId}`);

/** Who is on which build of an app. */
export function adoptionOptions(appId: string) {
  return queryOptions({
    queryKey: adoptionKey(appId),
    queryFn: ({ signal }) => api<{ data: Adoption }>(pathOf(appId), { signal }),
  });
}

/** On which devices and systems an app is tested. */
export function coverageOptions(appId: string) {
  return queryOptions({
    queryKey: keys.own('people', `coverage ${appId}`),
    queryFn: ({ signal }) => api<{ data: Coverage }>(`${pathOf(appId)}/devices`, { signal }),
  });
}

const PAGE = 50;
const MOST = 1_000;

interface Asked {
  readonly appId: string;
  readonly buildId: string;
  readonly standings: readonly Standing[];
}

function stragglerPage(
  { appId, buildId, standings }: Asked,
  { offset, limit, signal }: { offset: number; limit: number; signal?: AbortSignal | undefined },
): Promise<Stragglers> {
  const query = new URLSearchParams({
    ...{ build: buildId, standing: standings.join(',') },
    ...{ offset: String(offset), limit: String(limit) },
  });
  return api<Stragglers>(`${pathOf(appId)}/stragglers?${query}`, { signal });
}

/** The people who stand in some ways to a build, page by page. */
export function stragglerOptions(asked: Asked) {
  const { appId, buildId, standings } = asked;
  return infiniteQueryOptions({
    queryKey: keys.own('people', `stragglers ${appId} ${buildId} ${standings.join(',')}`),
    queryFn: ({ pageParam, signal }) => stragglerPage(asked, { offset: pageParam, limit: PAGE, signal }),
    initialPageParam: 0,
    getNextPageParam: ({ meta }, pages) => {
      const shown = pages.reduce((sum, { data }) => sum + data.length, 0);
      return shown < meta.total ? shown : undefined;
    },
  });
}

/** All of them, for what is done with all at once. */
export async function everyStraggler(asked: Asked): Promise<Straggler[]> {
  const found: Straggler[] = [];
  for (;;) {
    const { data, meta } = await stragglerPage(asked, { offset: found.length, limit: MOST });
    found.push(...data);
    if (data.length === 0 || found.length >= meta.total) return found;
  }
}
