import { z } from 'zod';
import { authorise, may } from '@/lib/access/policy';
import { readAt, resolveAccount, type View } from '@/lib/mirror/query';
import { type Shaped, shape } from '@/lib/store/shape';
import { accountRows } from './accounts/rows';
import type { Ctx } from './ctx';
import { badParameter } from './errors';
import { isoOf } from './resources/shape';

const SHOWN = ['overview', 'apps', 'betaTesters', 'betaGroups', 'builds', 'feedback'] as const;
const id = z.string().min(1).max(400);

/** What a page or a list shows, as the address of its age names it. */
export const viewShape = z.strictObject({
  of: z.enum(SHOWN),
  account: id.optional(),
  app: id.optional(),
  group: id.optional(),
  /** The one thing that is shown. */
  id: id.optional(),
});
export type ShownView = z.infer<typeof viewShape>;

/** @throws RefusedError (400) when the parameters name no view */
export function viewOf(parameters: URLSearchParams): ShownView {
  const view = viewShape.safeParse(Object.fromEntries(parameters));
  if (view.success) return view.data;
  throw badParameter(String(view.error.issues[0]?.path[0] ?? 'of'), 'This names nothing that is shown.');
}

/** How old a view is, and what became of the last wish to have it read again. */
export interface Freshness {
  /** When the oldest part of it was read from App Store Connect, ISO text; null when a part never was. */
  readonly fetchedAt: string | null;
  /** What it is, for people: `the testers of Papaya`. */
  readonly what: string;
  /** Whether this person may have it read again. */
  readonly canRefresh: boolean;
  readonly refresh: Refresh | null;
}

export interface Refresh {
  readonly status: 'waiting' | 'reading' | 'done' | 'failed';
  /** ISO text. */
  readonly requestedAt: string;
  readonly finishedAt: string | null;
  readonly error: string | null;
}

/** How old is what a view shows. Asks Apple nothing. */
export async function freshness(ctx: Ctx, view: ShownView): Promise<Freshness> {
  authorise(ctx.actor, 'programme:read');
  return {
    fetchedAt: isoOf(await readAt(ctx.db, await mirrorView(ctx, view))),
    what: await wordsOf(ctx, view),
    canRefresh: may(ctx.actor, 'sync:run'),
    refresh: await lastRefresh(ctx, view),
  };
}

async function mirrorView(ctx: Ctx, view: ShownView): Promise<View> {
  return {
    of: view.of,
    accountId: view.account ?? (await accountOfView(ctx, view)),
    id: view.id,
    ...(view.app === undefined ? {} : { appIds: [view.app] }),
    ...(view.group === undefined ? {} : { groupIds: [view.group] }),
  };
}

/** The account that holds the app or the thing; undefined when the view is about all. */
async function accountOfView(
  { db }: Ctx,
  { of, app, group, id: one }: ShownView,
): Promise<string | undefined> {
  const clues = [
    ['apps', app],
    ['betaGroups', group],
    [of, one],
  ] as const;
  for (const [type, value] of clues) {
    const holder =
      value === undefined || type === 'feedback'
        ? null
        : await resolveAccount(db, type, value, { appId: app });
    if (holder) return holder.accountId;
  }
  return undefined;
}

/** What a sync has to read for a view; null when it is one thing that is read by itself. */
export async function scopesOf({ db }: Ctx, view: ShownView, accountId: string): Promise<readonly string[]> {
  const { of, app, group, id: one } = view;
  const apps = app === undefined ? await appIdsOf(db, accountId) : [app];
  const testers = apps.map((appId) => `betaTesters/${appId}`);
  const members = of === 'betaGroups' ? (one ?? group) : group;
  if (members !== undefined) return [`members/${members}`, ...(of === 'builds' ? ['builds'] : [])];
  if (of === 'betaTesters') return testers;
  if (of === 'feedback') return apps.map((appId) => `feedback/${appId}`);
  if (of === 'overview') {
    return ['apps', 'betaGroups', 'builds', ...testers, ...apps.map((appId) => `feedback/${appId}`)];
  }
  return [of];
}

async function appIdsOf(db: Ctx['db'], accountId: string): Promise<string[]> {
  const apps = await db.read(
    db.build.selectFrom('apps').select('id').where('accountId', '=', accountId).orderBy('id'),
  );
  return apps.map((row) => row.id);
}

/** The accounts a view is about, each with what a sync has to read for it. */
export async function refreshesOf(
  ctx: Ctx,
  view: ShownView,
): Promise<{ accountId: string; scopes: readonly string[] }[]> {
  const one = view.account ?? (await accountOfView(ctx, view));
  const ids = one === undefined ? (await accountRows(ctx.db)).map((account) => account.id) : [one];
  return await Promise.all(
    ids.map(async (accountId) => ({ accountId, scopes: await scopesOf(ctx, view, accountId) })),
  );
}

/** What is older is no news, ms. */
const NEWS_MS = 10 * 60_000;
/** A wish that was taken and has no run after so long was lost with the worker, ms. */
const LOST_MS = 60_000;

/** Wishes of a time with what became of them, newest first. */
const wishesSince = shape((build, given: { since: number }) =>
  build
    .selectFrom('syncRequests as q')
    .leftJoin('syncRuns as r', 'r.id', 'q.runId')
    .select(['q.accountId', 'q.scopes', 'q.requestedAt', 'q.takenAt'])
    .select(['r.status', 'r.finishedAt', 'r.error'])
    .where('q.requestedAt', '>', given.since)
    .where('q.scopes', 'is not', null)
    .orderBy('q.requestedAt', 'desc'),
);
type RequestRow = ReturnType<typeof wishesSince> extends Shaped<infer Row> ? Row : never;

/** Of all the accounts a view is about, the wish that needs most to be told. */
async function lastRefresh(ctx: Ctx, view: ShownView): Promise<Refresh | null> {
  const now = ctx.clock.now();
  const wishes = await ctx.db.read(wishesSince({ since: now - NEWS_MS }));
  if (wishes.length === 0) return null;
  const all = (await refreshesOf(ctx, view)).flatMap(({ accountId, scopes }) => {
    const wanted = JSON.stringify(scopes);
    const row = wishes.find((one) => one.accountId === accountId && one.scopes === wanted);
    return row ? [refreshOf(row, now)] : [];
  });
  return RANK.flatMap((status) => all.filter((one) => one.status === status))[0] ?? null;
}

const RANK = ['failed', 'reading', 'waiting', 'done'] as const;

function refreshOf({ requestedAt, takenAt, status, finishedAt, error }: RequestRow, now: number): Refresh {
  const isLost = takenAt !== null && status === null && now - takenAt > LOST_MS;
  const told = {
    requestedAt: new Date(requestedAt).toISOString(),
    finishedAt: isoOf(finishedAt),
    error: isLost ? 'The sync that took this up ended before it began.' : error,
  };
  if (isLost) return { ...told, status: 'failed' };
  if (status === null) return { ...told, status: 'waiting' };
  if (status === 'running') return { ...told, status: 'reading' };
  return { ...told, status: status === 'succeeded' ? 'done' : 'failed' };
}

const NOUNS: Readonly<Record<ShownView['of'], string>> = {
  overview: 'the programme',
  apps: 'the apps',
  betaTesters: 'the testers',
  betaGroups: 'the groups',
  builds: 'the builds',
  feedback: 'the feedback',
};
const ONE: Readonly<Record<ShownView['of'], string>> = {
  overview: 'this app',
  apps: 'this app',
  betaTesters: 'this tester',
  betaGroups: 'this group and its members',
  builds: 'this build',
  feedback: 'this feedback',
};

/** What a view is, as people say it. */
export async function wordsOf(ctx: Ctx, view: ShownView): Promise<string> {
  const { of, app, group, id: one } = view;
  if (one !== undefined) return ONE[of];
  const place = group ?? app;
  if (place === undefined) return of === 'overview' ? 'all apps' : `${NOUNS[of]} of all apps`;
  const account = view.account ?? (await accountOfView(ctx, view)) ?? null;
  const [row] = await ctx.db.read(
    ctx.db.build
      .selectFrom(group === undefined ? 'apps' : 'betaGroups')
      .select('name')
      .where('accountId', '=', account)
      .where('id', '=', place),
  );
  const name = row?.name;
  return `${NOUNS[of]} of ${name ?? (group === undefined ? 'this app' : 'this group')}`;
}
