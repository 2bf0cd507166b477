import { authorise } from '@/lib/access/policy';
import { entryOf } from '@/lib/asc/catalogue';
import { record } from '@/lib/audit/trail';
import { readAppSegment } from '@/lib/format/app-address';
import { personName } from '@/lib/format/people';
import { getMirror, holdersOf } from '@/lib/mirror/query';
import { accountRows } from './accounts/rows';
import { auditActor } from './audited';
import type { Ctx } from './ctx';
import { notFound, RefusedError } from './errors';
import { getJob } from './jobs/views';
import { getResource } from './resources/read';
import { forActor } from './resources/shape';

/** What the pages below an app's are about. */
export type PlacedType = 'betaGroups' | 'betaTesters' | 'builds';

/** Another address of the same thing within this time leaves no second entry, ms. */
const ONCE_IN_MS = 60_000;

/**
 * What the app of a page is called.
 * @throws RefusedError 404 when there is none
 */
export async function appName(ctx: Ctx, appId: string, accountId?: string | undefined): Promise<string> {
  const asked = { type: 'apps', id: appId, accountId, parameters: new URLSearchParams() };
  const { data } = await getResource(ctx, asked);
  return nameOf(data?.attributes);
}

/**
 * What a group, tester or build below an app's address is called.
 * @throws RefusedError 404 when the app has none of this id; one of another app also leaves an entry in the trail
 */
export async function nameWithin(
  ctx: Ctx,
  { appId, accountId }: { readonly appId: string; readonly accountId?: string | undefined },
  type: PlacedType,
  id: string,
): Promise<string> {
  const { data, meta } = await getResource(ctx, { type, id, accountId, parameters: new URLSearchParams() });
  const account = String(meta.accountId);
  if (meta.appId === appId) return calledNow(type, data?.attributes);
  // A person may test several apps under one id.
  const own = entryOf(type).isPerApp ? await getMirror(ctx.db, account, type, id, { appId }) : null;
  if (own) return personOf(forActor(ctx, own.data.attributes));
  const label = calledNow(type, data?.attributes);
  await noteStray(ctx, { accountId: account, appId, type, id, label, home: meta.appId });
  throw notFound('This app has nothing of this id.');
}

/** An account that has an app. */
export interface AppAccount {
  readonly id: string;
  readonly name: string;
}

/** The accounts that have an app, or something of it; the one that is meant where none is named comes first. */
export async function accountsWith(
  ctx: Ctx,
  appId: string,
  thing?: { readonly type: PlacedType; readonly id: string } | undefined,
): Promise<AppAccount[]> {
  authorise(ctx.actor, 'programme:read');
  const holders = thing
    ? await holdersOf(ctx.db, thing.type, thing.id, { appId })
    : await holdersOf(ctx.db, 'apps', appId);
  const accounts = new Map((await accountRows(ctx.db)).map((account) => [account.id, account]));
  return [...new Set(holders.map(({ accountId }) => accountId))].flatMap((id) => {
    const account = accounts.get(id);
    return account ? [{ id, name: account.name }] : [];
  });
}

/** An app that has left the account an address names is shown where it is now. */
async function isHeldElsewhere(
  ctx: Ctx,
  { appId, accountId }: { appId: string; accountId?: string },
): Promise<boolean> {
  if (accountId === undefined) return false;
  const ids = (await accountsWith(ctx, appId)).map(({ id }) => id);
  return ids.length > 0 && !ids.includes(accountId);
}

/** Whether there is something at a page's path; what is no page about one thing is always there. */
export async function isThere(ctx: Ctx, pathname: string): Promise<boolean> {
  const [first, id = '', section = '', inner] = pathname.split('/').slice(1).map(decoded);
  try {
    if (first === 'jobs' && id) await getJob(ctx, id);
    if (first !== APP_PAGES || !id) return true;
    const app = readAppSegment(id);
    if (await isHeldElsewhere(ctx, app)) return true;
    await appName(ctx, app.appId, app.accountId);
    const type = Object.hasOwn(SECTIONS, section) ? SECTIONS[section] : undefined;
    if (type && inner && !OWN_PAGES[section]?.includes(inner)) await nameWithin(ctx, app, type, inner);
    return true;
  } catch (error) {
    // What cannot be told now is for the page to say.
    return !(error instanceof RefusedError && error.status === 404);
  }
}

const SECTIONS: Readonly<Record<string, PlacedType>> = {
  groups: 'betaGroups',
  testers: 'betaTesters',
  builds: 'builds',
};
/** The first part of the address of what is below an app. */
const APP_PAGES = 'apps';
/** Pages that stand where another section has the pages of single things. */
const OWN_PAGES: Readonly<Record<string, readonly string[]>> = { testers: ['import', 'prune'] };

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function nameOf(given: unknown): string {
  const { name, version } = (given ?? {}) as { name?: unknown; version?: unknown };
  const text = name ?? version;
  return typeof text === 'string' ? text : 'Unnamed';
}

const calledNow = (type: PlacedType, attributes: unknown) =>
  entryOf(type).calledBy === 'person' ? personOf(attributes) : nameOf(attributes);

const personOf = (attributes: unknown) => personName((attributes ?? {}) as Parameters<typeof personName>[0]);

async function noteStray(
  ctx: Ctx,
  stray: { accountId: string; appId: string; type: PlacedType; id: string; label: string; home: unknown },
): Promise<void> {
  const { accountId, appId, type, id, label, home } = stray;
  const at = ctx.clock.now();
  const actor = auditActor(ctx.actor);
  const known = await ctx.db.read(
    ctx.db.build
      .selectFrom('auditEntries')
      .select('id')
      .where('action', '=', 'openElsewhere')
      .where('resourceId', '=', id)
      .where('appId', '=', appId)
      .where('actorId', 'is not distinct from', actor.actorId)
      .where('at', '>', at - ONCE_IN_MS)
      .limit(1),
  );
  if (known.length > 0) return;
  try {
    const draft = { ...actor, at, accountId, appId, action: 'openElsewhere', type, resourceId: id, label };
    await record(
      ctx.db,
      { ...draft, requested: { home }, requestId: ctx.requestId },
      { status: 'failed', errors: [{ detail: 'It belongs to another app.' }] },
    );
  } catch (error) {
    // The page is refused also where nothing can be written.
    ctx.log.warn({ requestId: ctx.requestId, err: error }, 'a stray address was not recorded');
  }
}
