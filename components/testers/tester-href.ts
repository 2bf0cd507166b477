import type { TesterResource } from '@/lib/query/types';

/** The address of a tester's page. It keeps what the list was narrowed to, so that next and previous follow it. */
export function testerHref(tester: TesterResource, chosen: string, isAcrossApps = false): string {
  const params = new URLSearchParams(chosen);
  if (isAcrossApps) params.set('list', 'all');
  const query = params.toString();
  const path = testerPath(tester.meta?.appId ?? '', tester.id);
  return query ? `${path}?${query}` : path;
}

/** The address of a tester's page by itself. */
export function testerPath(appId: string, testerId: string): string {
  return `/apps/${encodeURIComponent(appId)}/testers/${encodeURIComponent(testerId)}`;
}
