'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { issueOptions, reportOptions } from '@/lib/browser/feedback';
import { jobOptions } from '@/lib/browser/jobs';
import { listOptions } from '@/lib/browser/lists';
import type { AppResource } from '@/lib/browser/types';
import { appOfPath, homeOf } from '@/lib/format/app-address';
import { APPS_QUERY } from './apps-query';

/** All apps by name, for the switcher and the breadcrumb. */
export function useApps(): readonly AppResource[] {
  const { data } = useInfiniteQuery(listOptions<AppResource>('apps', APPS_QUERY));
  return data?.pages.flatMap((page) => page.data) ?? [];
}

/** The app one is in; none under the address of an app that is not there, whose sections would lead nowhere. */
export function useAppHere(): ReturnType<typeof appOfPath> {
  const { data, hasNextPage } = useInfiniteQuery(listOptions<AppResource>('apps', APPS_QUERY));
  const pathname = usePathname();
  const thing = useShownThing(pathname);
  const here = appOfPath(pathname) ?? thing;
  const isMissing =
    data !== undefined &&
    !hasNextPage &&
    !data.pages.some((page) => page.data.some(({ id }) => id === here?.appId));
  return isMissing ? null : here;
}

/** The app that a report, a crash issue or a job belongs to, whose addresses name none; known once its page is. */
function useShownThing(pathname: string): ReturnType<typeof appOfPath> {
  const [, kind = '', id = ''] = /^\/(issues|feedback|jobs)\/([^/]+)$/.exec(pathname) ?? [];
  const plain = decoded(id);
  const report = useQuery({ ...reportOptions(kind === 'feedback' ? plain : ''), enabled: false });
  const issue = useQuery({ ...issueOptions(kind === 'issues' ? plain : ''), enabled: false });
  const job = useQuery({ ...jobOptions(kind === 'jobs' ? plain : ''), enabled: false }).data?.data;
  if (kind === 'jobs') {
    const of = job?.home ? appOfPath(job.home) : null;
    return of && { ...of, section: '/jobs' };
  }
  const meta = kind === 'feedback' ? report.data?.data.report.meta : issue.data?.data.issue.meta;
  if (kind === '' || !meta?.appId) return null;
  const base = homeOf(meta.appId, meta);
  const { appId, accountId } = meta;
  return { appId, base, section: '/feedback', ...(accountId === undefined ? {} : { accountId }) };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
