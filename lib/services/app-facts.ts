import { appWords } from '@/lib/format/app-address';
import { buildWords } from '@/lib/format/builds';
import { isolated } from '@/lib/format/isolated';
import { appNames, getMirror } from '@/lib/mirror/query';
import { attributesOf } from '@/lib/mirror/resource';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import type { Ctx } from './ctx';
import { notFound } from './errors';

/** An app of the mirror and the account that holds it. */
export interface AppFacts {
  readonly accountId: string;
  readonly appId: string;
  readonly name: string;
  /** The name, with the account where another has the app too: for titles. */
  readonly title: string;
}

/**
 * An app in the account that is named, or else in the first that has it.
 * @throws RefusedError 404 when the account does not have the app, or none has
 */
export async function appOf(ctx: Ctx, appId: string, accountId?: string | undefined): Promise<AppFacts> {
  const app = await getMirror(ctx.db, accountId, 'apps', appId);
  if (!app) throw notFound('There is no such app, or it has not been synced yet.');
  const { name: given } = attributesOf(app.data);
  const name = typeof given === 'string' ? given : appId;
  const accountName = (await appNames(ctx.db, appId, app.accountId))?.accountName;
  const title = appWords(name, accountName && isolated(accountName));
  return { accountId: app.accountId, appId, name, title };
}

/** What an app is called that is not in the mirror any more. */
export const GONE_APP = 'An app that is gone';

interface ForApp {
  readonly accountId: string | null;
  readonly appId: string | null;
}

/**
 * The app that a thing of ours is for, as its columns; none is all of them. The one it is for already may be gone while
 * something else about it is changed. @throws RefusedError 404
 */
export async function appColumns(
  ctx: Ctx,
  wanted: { readonly appId: string; readonly accountId?: string | undefined } | null | undefined,
  before: ForApp | null,
): Promise<ForApp> {
  if (!wanted) return { accountId: null, appId: null };
  const { appId, accountId } = wanted;
  if (before && before.appId === appId && before.accountId === accountId)
    return { accountId: before.accountId, appId };
  const app = await appOf(ctx, appId, accountId);
  return { accountId: app.accountId, appId: app.appId };
}

export interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly isInternalGroup: boolean;
  readonly hasAccessToAllBuilds: boolean;
  readonly testerCount: number | null;
}

const byName = shape((build, given: { accountId: string; appId: string }) =>
  build
    .selectFrom('betaGroups')
    .select(['id', 'name', 'isInternalGroup', 'hasAccessToAllBuilds', 'testerCount'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId)
    .orderBy('name', (by) => by.asc().nullsFirst()),
);

/** The groups of an app as the mirror has them, by name. */
export async function groupsOf(
  ctx: Pick<Ctx, 'db'>,
  { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>,
): Promise<GroupRow[]> {
  const rows = await ctx.db.read(byName({ accountId, appId }));
  return rows.map((row) => ({
    id: row.id,
    name: row.name ?? row.id,
    isInternalGroup: row.isInternalGroup === 1,
    hasAccessToAllBuilds: row.hasAccessToAllBuilds === 1,
    testerCount: row.testerCount,
  }));
}

const inExternalGroups = shape((build, given: { accountId: string; appId: string }) =>
  build
    .selectFrom('betaGroupTesters as m')
    .innerJoin('betaGroups as g', (join) =>
      join.onRef('g.accountId', '=', 'm.accountId').onRef('g.id', '=', 'm.groupId'),
    )
    .select(({ fn }) => fn.count<number>('m.testerId').distinct().as('n'))
    .where('m.accountId', '=', given.accountId)
    .where('m.appId', '=', given.appId)
    .where('g.isInternalGroup', '=', 0),
);

/** How many different people are in external groups of the app. */
export async function externalTesterCount(
  { db }: { readonly db: Pick<Store, 'read'> },
  { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>,
): Promise<number> {
  const [row] = await db.read(inExternalGroups({ accountId, appId }));
  return row?.n ?? 0;
}

/** What people call builds of an app, by id; with `isInstallable` without those that have expired. */
export async function buildNames(
  ctx: Ctx,
  { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>,
  ids: readonly string[],
  { isInstallable = false }: { readonly isInstallable?: boolean } = {},
): Promise<Map<string, string>> {
  const named = ctx.db.build
    .selectFrom('builds')
    .select(['id', 'trainVersion', 'version', 'platform'])
    .where('accountId', '=', accountId)
    .where('appId', '=', appId)
    .where((eb) => ctx.db.dialect.among(eb.ref('id'), ids));
  const rows = await ctx.db.read(isInstallable ? named.where('expired', 'is distinct from', 1) : named);
  return new Map(rows.map(({ id, ...build }) => [id, buildWords(build)]));
}
