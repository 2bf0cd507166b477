'use client';

import { useSearchParams } from 'next/navigation';
import { type DetailNeighbours, useDetailNeighbours } from '@/components/views/use-detail-neighbours';
import type { FeedbackResource, IssueResource } from '@/lib/browser/feedback';
import type { ListSpec } from '@/lib/browser/lists';
import { homeOf } from '@/lib/format/app-address';

/** What stands before and after a report or a crash issue in the list it was opened from: of its app, or of all. */
export function useInboxNeighbours(
  { id, meta }: FeedbackResource | IssueResource,
  spec: ListSpec,
): DetailNeighbours {
  const isAll = useSearchParams().get('list') === 'all';
  const appId = meta?.appId ?? '';
  const section = `/${spec.type}`;
  const list = {
    spec,
    scope: isAll ? {} : { app: appId },
    path: isAll ? section : `${homeOf(appId, meta)}${section}`,
    hrefOf: (row: { readonly id: string }) => `${section}/${encodeURIComponent(row.id)}`,
  };
  return useDetailNeighbours(list, id, appId);
}
