import { dehydrate, HydrationBoundary, QueryClient, type QueryKey } from '@tanstack/react-query';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { keys } from '@/lib/query/keys';
import { type ListScope, type ListSpec, listQuery, listState } from '@/lib/query/lists';
import type { Ctx } from '@/lib/services/ctx';
import { RefusedError } from '@/lib/services/errors';
import { appName, nameWithin, type PlacedType } from '@/lib/services/place';
import { getResource, listResources } from '@/lib/services/resources/read';

type ResourceType = ListSpec['type'];

/** One answer a page needs, under the key its component asks with. */
interface Seed {
  readonly key: QueryKey;
  readonly load: () => unknown;
}

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/**
 * Puts answers into the page, so that the first paint shows data. A failing one is left out: the browser asks
 * again, and its component shows the reason.
 */
export async function Prefetched({ seeds, children }: { seeds: readonly Seed[]; children: ReactNode }) {
  const client = new QueryClient();
  await Promise.all(
    seeds.map(async ({ key, load }) => {
      try {
        client.setQueryData(key, await load());
      } catch {
        // The same request from the browser is wrapped, logged and answered with words.
      }
    }),
  );
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}

/** The first page of a list, as the address bar asks for it. */
export async function listSeed(
  ctx: Ctx,
  spec: ListSpec,
  searchParams: SearchParams,
  scope: ListScope = {},
): Promise<Seed> {
  return pagesSeed(ctx, spec.type, listQuery(spec, listState(spec, await searchParams), scope));
}

/** The first page of a list by its query string. */
export function pagesSeed(ctx: Ctx, type: ResourceType, query: string): Seed {
  return {
    key: keys.list(type, query),
    load: async () => ({
      pages: [await listResources(ctx, { type, parameters: new URLSearchParams(query) })],
      pageParams: [''],
    }),
  };
}

/** One resource. */
export function oneSeed(ctx: Ctx, type: ResourceType, id: string, query = ''): Seed {
  return {
    key: keys.one(type, id, query),
    load: () => getResource(ctx, { type, id, parameters: new URLSearchParams(query) }),
  };
}

/** The app a page is about; the page is not found when there is none. */
export function appLabel(ctx: Ctx, appId: string): Promise<string> {
  return found(() => appName(ctx, appId));
}

/** The group, tester or build a page below an app is about; the page is not found when the app has none of this id. */
export function labelWithin(ctx: Ctx, appId: string, type: PlacedType, id: string): Promise<string> {
  return found(() => nameWithin(ctx, appId, type, id));
}

async function found(name: () => Promise<string>): Promise<string> {
  try {
    return await name();
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) notFound();
    return 'Unnamed';
  }
}
