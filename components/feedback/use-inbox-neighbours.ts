'use client';

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { type DetailNeighbours, useDetailNeighbours } from '@/components/views/use-detail-neighbours';
import {
  crashOptions,
  type FeedbackResource,
  type IssueResource,
  issueOptions,
  pictureAddress,
  reportOptions,
} from '@/lib/browser/feedback';
import type { OwnList } from '@/lib/browser/keys';
import type { ListSpec } from '@/lib/browser/lists';
import { homeOf } from '@/lib/format/app-address';
import { goAhead } from './use-shown-id';

type InboxSpec = ListSpec & { readonly type: OwnList };

/**
 * What stands before and after a report or a crash issue in the list it was opened from: of its app, or of all. Those
 * beside it, and the one after the next, are fetched before anybody asks for them.
 */
export function useInboxNeighbours(
  { id, meta }: FeedbackResource | IssueResource,
  spec: InboxSpec,
): DetailNeighbours {
  const isAll = useSearchParams().get('list') === 'all';
  const appId = meta?.appId ?? '';
  const section = `/${spec.type}`;
  const list = {
    spec,
    scope: isAll ? {} : { app: appId },
    path: isAll ? section : `${homeOf(appId, meta)}${section}`,
    hrefOf: (row: { readonly id: string }) => `${section}/${encodeURIComponent(row.id)}`,
    go: goAhead,
  };
  const neighbours = useDetailNeighbours(list, id, appId);
  const client = useQueryClient();
  const { beside } = neighbours;
  const [previous, next] = [beside.previous?.id, beside.next?.id];
  const ask = beside.ask;
  useEffect(() => {
    let isOver = false;
    const warmed = async () => {
      if (next !== undefined) await warm(client, spec.type, next);
      if (previous !== undefined) await warm(client, spec.type, previous);
      if (next === undefined || isOver) return;
      const { data } = await client.fetchQuery(ask(next));
      if (data?.next && !isOver) await warm(client, spec.type, data.next.id);
    };
    // After this one is painted; what could not be fetched ahead is fetched when it is asked for.
    const timer = setTimeout(() => void warmed().catch(() => undefined));
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [client, spec.type, previous, next, ask]);
  return neighbours;
}

async function warm(client: QueryClient, type: OwnList, id: string): Promise<void> {
  if (type === 'issues') return client.prefetchQuery(issueOptions(id));
  const { data: page } = await client.fetchQuery(reportOptions(id));
  const accountId = page.report.meta?.accountId ?? '';
  if (page.log.state === 'stored') void client.prefetchQuery(crashOptions(id, accountId));
  for (const { position, state } of page.pictures)
    if (state === 'stored') new Image().src = pictureAddress(id, accountId, position);
}
