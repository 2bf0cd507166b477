import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { isAscError } from '@/lib/asc/errors';
import { type Call, isOffered, relationshipOf } from '@/lib/asc/operations';
import { isolated } from '@/lib/format/isolated';
import { evictStatements } from '@/lib/mirror/evict';
import { isIdentified } from '@/lib/mirror/resource';
import { readTesters } from '@/lib/sync/members';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';
import type { ResourceInput } from './body';
import { mirrored } from './mirrored';
import { canReadAfresh, isJustMade, isToldGone, readAfresh, readerOf, refreshResource } from './refresh';
import { dropStatements, staleTypes } from './responses';
import { labelOf } from './subject';

interface Refused {
  readonly call: Call;
  readonly accountId: string;
  readonly appId: string | null;
  readonly label: string | null;
  readonly refresh: readonly { readonly type: ResourceType; readonly id: string | undefined }[];
}

interface Thing {
  readonly type: ResourceType;
  readonly id: string;
}

interface Missing extends Thing {
  readonly label: string | null;
}

/** Of so many things a write names each is looked up; of more Apple's own words must do. */
const LOOKED_UP = 100;

/**
 * After Apple's refusal: looks up which of the things the write names are gone, takes them out here and says so. Null
 * when the refusal is about something else, or all of them are there.
 */
export async function goneAfter(ctx: Ctx, refused: Refused, error: unknown): Promise<RefusedError | null> {
  if (!mayBeGone(error)) return null;
  const things = thingsOf(refused.call);
  if (things.length === 0 || things.length > LOOKED_UP) return null;
  try {
    const gone = await lookUp(ctx, refused, things);
    if (gone.length === 0) return null;
    const stale = new Set(gone.flatMap(({ type }) => staleTypes(type)));
    await ctx.db.write(dropStatements(ctx.db, refused.accountId, [...stale]));
    for (const { type, id } of refused.refresh) {
      const isItself = gone.some((one) => one.type === type && one.id === id);
      if (id !== undefined && !isItself) await refreshResource(ctx, { ...refused, type, id });
    }
    return new RefusedError({
      status: 404,
      code: 'FLIGHTDECK.GONE',
      title: 'Deleted at App Store Connect',
      detail: sentence(gone),
      meta: { gone: gone.map(({ type, id }) => ({ type, id })) },
    });
  } catch (failed) {
    ctx.log.warn({ requestId: ctx.requestId, err: failed }, 'what is gone could not be looked up');
    return null;
  }
}

/** Apple says 404 of what the address names, and that a relationship is wrong of what the body names. */
function mayBeGone(error: unknown): boolean {
  return isToldGone(error) || (isAscError(error) && error.hasCode('ENTITY_ERROR.RELATIONSHIP'));
}

/** The things a write names: what it changes, and what it links. */
function thingsOf({ type, id, name, input, operation }: Call): Thing[] {
  const own = id === undefined ? [] : [{ type, id }];
  if (operation === 'delete' || operation === 'update') return own;
  const target = name === undefined ? undefined : relationshipOf(type, name)?.target;
  if (target !== undefined) {
    const ids = [input].flat().filter((one) => typeof one === 'string');
    return [...own, ...(isResourceType(target) ? ids.map((one) => ({ type: target, id: one })) : [])];
  }
  const { relationships = {} } = (input ?? {}) as ResourceInput;
  return Object.values(relationships)
    .flatMap(({ data }) => [data].flat().filter(isIdentified))
    .flatMap((one) => (isResourceType(one.type) ? [{ type: one.type, id: one.id }] : []));
}

async function lookUp(ctx: Ctx, refused: Refused, things: readonly Thing[]): Promise<Missing[]> {
  const named = await Promise.all(
    things.map(async (thing) => ({ ...thing, label: await nameOf(ctx, refused, thing) })),
  );
  const isOwn = ({ type, id }: Thing) => type === refused.call.type && id === refused.call.id;
  const people = named.filter((one) => entryOf(one.type).isPerApp && !isOwn(one));
  const left = await peopleGone(ctx, refused, people);
  const gone: Missing[] = [];
  for (const one of named) {
    const isThere = people.includes(one)
      ? !left.has(one.id)
      : await isStillThere(ctx, refused, one, isOwn(one));
    if (!isThere) gone.push(one);
  }
  return gone;
}

async function nameOf(
  ctx: Ctx,
  { accountId, call, label }: Refused,
  { type, id }: Thing,
): Promise<string | null> {
  if (type === call.type && id === call.id) return label;
  return labelOf(await mirrored(ctx.db, accountId, type, id));
}

async function peopleGone(
  ctx: Ctx,
  { accountId, appId }: Refused,
  people: readonly Thing[],
): Promise<ReadonlySet<string>> {
  const ids = people.map(({ id }) => id);
  if (ids.length === 0 || appId === null) return new Set();
  return (await readTesters(await readerOf(ctx, accountId, {}), appId, ids)).gone;
}

async function isStillThere(ctx: Ctx, refused: Refused, thing: Thing, isOwn: boolean): Promise<boolean> {
  const { accountId, call } = refused;
  const { type, id } = thing;
  // Deleted from the team is more than gone from one app, and what another app has is there.
  const appId = call.operation === 'delete' || !entryOf(type).isPerApp ? null : refused.appId;
  const which = { accountId, type, id, appId };
  if (canReadAfresh(type)) return (await readAfresh(ctx, which)) || isJustMade(ctx, which);
  if (isOffered({ type, operation: 'get' })) {
    try {
      await (await ctx.ascFor(accountId)).perform({ type, operation: 'get', id });
      return true;
    } catch (error) {
      if (!isToldGone(error)) throw error;
    }
  } else if (!isOwn) return true;
  await ctx.db.write(evictStatements({ accountId, type, ids: [id], at: ctx.clock.now() }));
  return false;
}

/** What is no longer there, by name, and that it is no longer here either. */
function sentence(gone: readonly Missing[]): string {
  const names = gone.slice(0, 5).map(({ type, label }) => {
    const noun = entryOf(type).label.one;
    return label === null ? `a ${noun}` : `“${isolated(label)}”`;
  });
  const more = gone.length > names.length ? ` and ${gone.length - names.length} more` : '';
  const text = `${names.join(', ')}${more}`;
  const [was, has] = gone.length === 1 ? ['was', 'it has'] : ['were', 'they have'];
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} ${was} deleted at App Store Connect; ${has} been removed here.`;
}
