import { dehydrate, QueryClient, type QueryKey } from '@tanstack/react-query';
import Link from 'next/link';
import { notFound, redirect } from 'next/navigation';
import { cache, type ReactNode } from 'react';
import { Answers } from '@/components/shell/answers';
import { Name } from '@/components/ui/name';
import { isOwnList, keys, type ListType, type OwnList } from '@/lib/browser/keys';
import { withFields } from '@/lib/browser/listed-fields';
import { type ListScope, type ListSpec, listQuery, listState, rowsQuery } from '@/lib/browser/lists';
import { inboxTabsOptions } from '@/lib/browser/own';
import { pack } from '@/lib/browser/packed';
import { testerOptions } from '@/lib/browser/testers';
import { appHref, readAppSegment } from '@/lib/format/app-address';
import type { Ctx } from '@/lib/services/ctx';
import { RefusedError } from '@/lib/services/errors';
import { inboxTabs, listInbox } from '@/lib/services/feedback/inbox';
import { accountsWith, appName, nameWithin, type PlacedType } from '@/lib/services/place';
import { getResource, listRelated, listResources } from '@/lib/services/resources/read';

type ResourceType = Exclude<ListType, OwnList>;

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
  // Their hashes are left to be made where they are used.
  const queries = dehydrate(client).queries.map(({ queryHash: _, ...query }) => query);
  return <Answers text={pack(queries)}>{children}</Answers>;
}

/** The first page of a list, as the address bar asks for it. */
export async function listSeed(
  ctx: Ctx,
  spec: ListSpec,
  searchParams: SearchParams,
  scope: ListScope = {},
  accountId?: string | undefined,
): Promise<Seed> {
  const state = listState(spec, await searchParams);
  return pagesSeed(ctx, spec.type, rowsQuery(listQuery(spec, state, scope), state), accountId);
}

/** The first page of a list by its query string. */
export function pagesSeed(ctx: Ctx, type: ListType, query: string, accountId?: string | undefined): Seed {
  return {
    key: keys.list(type, query),
    load: async () => {
      // Pages are asked for by their cursor: nobody in the browser follows the links.
      const { links: _, ...page } = await pageOf(ctx, type, query, accountId);
      return { pages: [page], pageParams: [''] };
    },
  };
}

/** How many stand under each tab of the inbox, or of the crash issues. */
export function tabsSeed(ctx: Ctx, of: OwnList, appId?: string, accountId?: string | undefined): Seed {
  return {
    key: inboxTabsOptions(of, appId).queryKey,
    load: async () => ({ data: await tabsOf(ctx, of, appId, accountId) }),
  };
}

// The list says how many stand under its tab, and the tabs say it of all.
const tabsOf = cache((ctx: Ctx, type: OwnList, appId: string | undefined, accountId: string | undefined) =>
  inboxTabs(ctx, { type, appId, accountId }),
);

function pageOf(ctx: Ctx, type: ListType, query: string, accountId: string | undefined) {
  const parameters = new URLSearchParams(withFields(type, query));
  return isOwnList(type)
    ? listInbox(ctx, {
        ...{ type, accountId, parameters },
        tabs: (appId) => tabsOf(ctx, type, appId, accountId),
      })
    : listResources(ctx, { type, accountId, parameters });
}

/** One resource. */
export function oneSeed(
  ctx: Ctx,
  type: ResourceType,
  id: string,
  { query = '', accountId }: { readonly query?: string; readonly accountId?: string | undefined } = {},
): Seed {
  return {
    key: keys.one(type, id, query),
    load: () => getResource(ctx, { type, id, accountId, parameters: new URLSearchParams(query) }),
  };
}

/** How long a page waits for what only App Store Connect knows, ms; the browser asks for the rest itself. */
const SOON_MS = 500;

/** A related list or resource that is asked of App Store Connect, where it answers soon. */
export function soonSeed(
  ctx: Ctx,
  key: QueryKey,
  {
    path,
    owner,
    accountId,
  }: {
    readonly path: string;
    readonly owner: { readonly type: ResourceType; readonly id: string };
    readonly accountId?: string | undefined;
  },
): Seed {
  const [name = '', query] = path.split('?');
  return {
    key,
    load: async () => {
      const stop = new AbortController();
      const answer = listRelated(ctx, { ...owner, name, parameters: new URLSearchParams(query), accountId });
      const late = ctx.clock.sleep(SOON_MS, stop.signal).then(() => {
        throw new Error('App Store Connect takes its time.');
      });
      try {
        return await Promise.race([answer, late]);
      } finally {
        stop.abort();
        for (const each of [answer, late]) each.catch(() => undefined);
      }
    },
  };
}

/** A tester as one app has them. */
export function testerSeed(
  ctx: Ctx,
  tester: { readonly appId: string; readonly testerId: string; readonly accountId?: string | undefined },
): Seed {
  const { appId, testerId, accountId } = tester;
  return {
    key: testerOptions(appId, testerId).queryKey,
    load: () =>
      getResource(ctx, {
        type: 'betaTesters',
        id: testerId,
        appId,
        accountId,
        parameters: new URLSearchParams(),
      }),
  };
}

/** The app a page is about, in the account that is shown. */
export interface AppPlace {
  readonly appId: string;
  /** Only where several accounts have the app. */
  readonly accountId?: string | undefined;
  readonly label: string;
  /** Where the app's pages are. */
  readonly base: string;
}

// A page asks the same for its title, its place and its links: each is found out once per request.
const accountsOf = cache((ctx: Ctx, appId: string, type?: PlacedType, id = '') =>
  accountsWith(ctx, appId, type && { type, id }),
);
const nameOfApp = cache(appName);
const nameOfThing = cache(
  (ctx: Ctx, appId: string, accountId: string | undefined, type: PlacedType, id: string) =>
    nameWithin(ctx, { appId, accountId }, type, id),
);

/** The name of what a page is about, for its title; the page is not found when there is none. */
export async function titleOf(ctx: Ctx, segment: string, type?: PlacedType, id = ''): Promise<string> {
  const { appId, accountId } = readAppSegment(segment);
  const isElsewhere =
    accountId !== undefined && !(await accountsOf(ctx, appId)).some((one) => one.id === accountId);
  const account = isElsewhere ? undefined : accountId;
  return found(() =>
    type === undefined ? nameOfApp(ctx, appId, account) : nameOfThing(ctx, appId, account, type, id),
  );
}

/** What of an app a page shows. */
interface Shown {
  /** What follows the app in the page's path. */
  readonly section?: string;
  readonly thing?: { readonly type: PlacedType; readonly id: string };
  readonly searchParams?: SearchParams;
}

/**
 * The app of a page below its address. Where several accounts have the app, the address names the one that is shown, so
 * that all that is read and written there is of that account; one that does not, or names another, is led on.
 */
export async function appAt(ctx: Ctx, segment: string, shown: Shown = {}): Promise<AppPlace> {
  const { section = '', thing, searchParams } = shown;
  const { appId, accountId } = readAppSegment(segment);
  const all = await accountsOf(ctx, appId);
  const isThere = accountId === undefined || all.length === 0 || all.some(({ id }) => id === accountId);
  if ((accountId === undefined && all.length > 1) || !isThere) {
    const [meant] = thing ? await accountsOf(ctx, appId, thing.type, thing.id) : [];
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries((await searchParams) ?? {}))
      for (const one of [value ?? []].flat()) query.append(name, one);
    const to = appHref(appId, all.length > 1 ? (meant ?? all[0])?.id : null);
    redirect(`${to}${section}${query.size > 0 ? `?${query}` : ''}`);
  }
  const label = await found(() => nameOfApp(ctx, appId, accountId));
  if (thing) await found(() => nameOfThing(ctx, appId, accountId, thing.type, thing.id));
  return { appId, accountId, label, base: appHref(appId, accountId) };
}

/** Says which account is shown of an app that several have, and leads to the others. */
export async function OtherAccounts({
  ctx,
  place,
  shown = {},
}: {
  ctx: Ctx;
  place: AppPlace;
  shown?: Shown;
}) {
  const { section = '', thing } = shown;
  const all = await accountsOf(ctx, place.appId);
  const here = all.find(({ id }) => id === place.accountId);
  if (!here || all.length < 2) return null;
  const having = thing && (await accountsOf(ctx, place.appId, thing.type, thing.id)).map(({ id }) => id);
  const pathIn = (id: string) =>
    appHref(place.appId, id) + (having && !having.includes(id) ? section.replace(/\/[^/]+$/, '') : section);
  return (
    <p className="mb-4 text-ink-soft text-sm">
      {all.length === 2 ? 'Two' : all.length} accounts have this app. You see it as <Name>{here.name}</Name>{' '}
      has it.{' '}
      {all
        .filter(({ id }) => id !== here.id)
        .map(({ id, name }) => (
          <Link key={id} href={pathIn(id)} className="mr-3 text-accent-ink underline">
            See it in <Name>{name}</Name>
          </Link>
        ))}
    </p>
  );
}

async function found(name: () => Promise<string>): Promise<string> {
  try {
    return await name();
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) notFound();
    return 'Unnamed';
  }
}
