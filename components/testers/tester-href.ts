import type { TesterResource } from '@/lib/browser/types';
import { homeOf } from '@/lib/format/app-address';

/** Which list a tester's page was opened from, beside the testers of its app. */
export type FromList = 'all' | { readonly group: string } | undefined;

/** The address of a tester's page. It keeps what the list was narrowed to, so that next and previous follow it. */
export function testerHref(tester: TesterResource, chosen: string, from?: FromList): string {
  const params = new URLSearchParams(chosen);
  if (from) params.set('list', from === 'all' ? from : `group-${from.group}`);
  const query = params.toString();
  const path = testerPath(homeOf(tester.meta?.appId ?? '', tester.meta), tester.id);
  return query ? `${path}?${query}` : path;
}

/** The address of a tester's page below the app's. */
export function testerPath(base: string, testerId: string): string {
  return `${base}/testers/${encodeURIComponent(testerId)}`;
}
