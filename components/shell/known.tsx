'use client';

import {
  type DataTag,
  notifyManager,
  type QueryKey,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useSyncExternalStore } from 'react';
import { issueOptions, reportOptions } from '@/lib/browser/feedback';
import { jobOptions } from '@/lib/browser/jobs';
import { listOptions } from '@/lib/browser/lists';
import { meOptions } from '@/lib/browser/own';
import type { AppResource } from '@/lib/browser/types';
import { appOfPath, homeOf } from '@/lib/format/app-address';
import { APPS_QUERY } from './apps-query';
import { type Place, placesFor } from './nav';

type Here = ReturnType<typeof appOfPath>;

const Permissions = createContext<readonly string[]>([]);
const Places = createContext<readonly Place[]>([]);
const Apps = createContext<readonly AppResource[]>([]);
const AppHere = createContext<Here>(null);

/** What all of a page asks again and again, asked once: what the person may do, the apps, and the one that is shown. */
export function Known({ children }: { children: ReactNode }) {
  const me = useQuery(meOptions()).data?.data;
  const permissions = me?.permissions ?? NOTHING;
  const places = useMemo(() => placesFor(permissions), [permissions]);
  const { data, hasNextPage } = useInfiniteQuery(listOptions<AppResource>('apps', APPS_QUERY));
  const apps = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const here = usePlace();
  const isMissing = data !== undefined && !hasNextPage && !apps.some(({ id }) => id === here?.appId);
  return (
    <Permissions.Provider value={permissions}>
      <Places.Provider value={places}>
        <Apps.Provider value={apps}>
          <AppHere.Provider value={isMissing ? null : here}>{children}</AppHere.Provider>
        </Apps.Provider>
      </Places.Provider>
    </Permissions.Provider>
  );
}

const NOTHING: readonly string[] = [];

/** Whether the person may do a thing; only to hide what would be refused, the server decides again. */
export function useMay(permission: string): boolean {
  return useContext(Permissions).includes(permission);
}

/** The places across all apps that the person may see. */
export function useOpenPlaces(): readonly Place[] {
  return useContext(Places);
}

/** All apps by name, for the switcher and the breadcrumb. */
export function useApps(): readonly AppResource[] {
  return useContext(Apps);
}

/** The app one is in; none under the address of an app that is not there, whose sections would lead nowhere. */
export function useAppHere(): Here {
  return useContext(AppHere);
}

/** The app of the address, or that a report, a crash issue or a job belongs to, whose addresses name none. */
function usePlace(): Here {
  const pathname = usePathname();
  const shown = useShownThing(pathname);
  return useMemo(() => appOfPath(pathname) ?? shown, [pathname, shown]);
}

/** Known once the page of the thing is. */
function useShownThing(pathname: string): Here {
  const [, kind = '', id = ''] = /^\/(issues|feedback|jobs)\/([^/]+)$/.exec(pathname) ?? [];
  const plain = decoded(id);
  const report = useHeld(reportOptions(kind === 'feedback' ? plain : ''));
  const issue = useHeld(issueOptions(kind === 'issues' ? plain : ''));
  const job = useHeld(jobOptions(kind === 'jobs' ? plain : ''))?.data;
  const meta = kind === 'feedback' ? report?.data.report.meta : issue?.data.issue.meta;
  return useMemo(() => {
    if (kind === 'jobs') {
      const of = job?.home ? appOfPath(job.home) : null;
      return of && { ...of, section: '/jobs' };
    }
    if (kind === '' || !meta?.appId) return null;
    const base = homeOf(meta.appId, meta);
    const { appId, accountId } = meta;
    return { appId, base, section: '/feedback', ...(accountId === undefined ? {} : { accountId }) };
  }, [kind, job, meta]);
}

/** What the page has asked for, where it keeps it: an observer would stay with the client of the first page. */
function useHeld<Data>({
  queryKey,
}: {
  readonly queryKey: DataTag<QueryKey, Data, Error>;
}): Data | undefined {
  const client = useQueryClient();
  const cache = client.getQueryCache();
  return useSyncExternalStore(
    useCallback((onChange: () => void) => cache.subscribe(notifyManager.batchCalls(onChange)), [cache]),
    () => client.getQueryData<Data>(queryKey),
    () => client.getQueryData<Data>(queryKey),
  );
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
