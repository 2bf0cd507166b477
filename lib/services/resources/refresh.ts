import { entryOf } from '@/lib/asc/catalogue';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { type AscError, isAscError } from '@/lib/asc/errors';
import { factsOf, isOffered, relationshipOf } from '@/lib/asc/operations';
import type { AscQuery } from '@/lib/asc/query-types';
import type { OneDocument } from '@/lib/asc/types';
import { evictStatements } from '@/lib/mirror/evict';
import { type Inlined, withInlined } from '@/lib/mirror/inlined';
import { justMade } from '@/lib/mirror/just-made';
import type { ResourceObject } from '@/lib/mirror/resource';
import { upsertStatements } from '@/lib/mirror/upsert';
import { type Reader, readOneGroup, readTesters } from '@/lib/sync/members';
import type { ClientLane, Ctx } from '../ctx';
import { noteHealth } from './health';
import { isHeld, mirrored } from './mirrored';
import { appOfRead } from './whose';

export interface Which {
  readonly accountId: string;
  readonly type: ResourceType;
  readonly id: string;
  /** The app that it is looked for in: what belongs to another is not there. Null for any. */
  readonly appId: string | null;
}

interface Manner {
  /** Behind a page, what people ask for comes first. */
  readonly lane?: ClientLane;
  readonly signal?: AbortSignal;
  readonly maxWaitMs?: number;
}

/** What the sync reads with more than the resource itself; null where it can be read by itself alone. */
const OWN_READS: Partial<
  Record<ResourceType, (reader: Reader, id: string, appId: string | null) => Promise<boolean> | null>
> = {
  betaTesters: (reader, id, appId) =>
    appId === null ? null : readTesters(reader, appId, [id]).then(({ present }) => present.has(id)),
  betaGroups: readOneGroup,
};

/** To-many relationships that are inlined, as far as Apple goes. */
const INLINED: Partial<Record<ResourceType, Inlined>> = {
  builds: { betaGroups: 50, betaBuildLocalizations: 50 },
};

/**
 * Reads one resource of the mirror afresh from Apple with what belongs to it; what it learns of a tester goes into
 * their history.
 * @returns whether it is there now; @throws AscError when Apple cannot be asked
 */
export async function readAfresh(ctx: Ctx, which: Which, manner: Manner = {}): Promise<boolean> {
  const { accountId, type, id, appId } = which;
  try {
    const reader = await readerOf(ctx, accountId, manner);
    const isThere = await (OWN_READS[type]?.(reader, id, appId) ?? readOther(ctx, reader, which));
    await noteHealth(ctx, accountId, null);
    return isThere;
  } catch (error) {
    await noteHealth(ctx, accountId, error);
    if (!isToldGone(error)) throw error;
    return await forgotten(ctx, which);
  }
}

/** What reads parts of the mirror for a person. */
export async function readerOf(ctx: Ctx, accountId: string, { lane, ...options }: Manner): Promise<Reader> {
  const { db, clock } = ctx;
  const asc = await ctx.ascFor(accountId, lane);
  return { db, clock, asc, accountId, options, write: (statements) => db.write(statements) };
}

/** Whether Apple itself says that there is no such thing, and not something on the way to it. */
export function isToldGone(error: unknown): error is AscError {
  return isAscError(error) && error.is('not_found') && error.errors.length > 0;
}

// Only what was here leaves a trace: anybody may ask for an id that never existed.
async function forgotten(ctx: Ctx, { accountId, type, id, appId }: Which): Promise<false> {
  if ((await mirrored(ctx.db, accountId, type, id)) === null) return false;
  if (await isJustMade(ctx, { accountId, type, id, appId })) return false;
  const scope = appId === null ? {} : { appId };
  await ctx.db.write(evictStatements({ accountId, type, ids: [id], at: ctx.clock.now(), ...scope }));
  return false;
}

/** Whether it came here moments ago: then Apple may only show it late, and it is kept. */
export async function isJustMade(ctx: Ctx, { accountId, type, id, appId }: Which): Promise<boolean> {
  return (await justMade(ctx.db, { accountId, type, ids: [id], appId }, ctx.clock.now())).has(id);
}

/**
 * The same for what a write has changed along: when it cannot be read now, the next sync will.
 * @returns whether it is there now; null when nobody knows
 */
export async function refreshResource(ctx: Ctx, which: Which): Promise<boolean | null> {
  try {
    return await readAfresh(ctx, which);
  } catch (error) {
    ctx.log.warn({ requestId: ctx.requestId, type: which.type, err: error }, 'not read again after a change');
    return null;
  }
}

async function readOther(ctx: Ctx, reader: Reader, which: Which): Promise<boolean> {
  return (await readWhole(ctx, reader, which)) !== null;
}

/**
 * Reads a resource with all that our copy holds of it, keeps that, and gives it; null, and nothing is kept, where it
 * belongs to another app than it is looked for in. @throws AscError, of one that is gone too
 */
export async function readWhole(
  ctx: Pick<Ctx, 'clock'>,
  reader: Pick<Reader, 'asc' | 'db' | 'options' | 'write'>,
  { accountId, type, id, appId }: Which,
): Promise<{ data: ResourceObject; included: readonly ResourceObject[] } | null> {
  const { asc, options, write } = reader;
  const fetchedAt = ctx.clock.now();
  const inlined = INLINED[type] ?? {};
  const limits = Object.fromEntries(Object.entries(inlined).filter(([, limit]) => limit !== null));
  const app = appIncludes(type);
  const query: AscQuery = {
    include: [...mirroredIncludes(type), ...app],
    ...(app.length > 0 ? { fields: { apps: ['bundleId'] } } : {}),
    limit: limits as NonNullable<AscQuery['limit']>,
  };
  const { document } = await asc.perform({ type, operation: 'get', id, query }, options);
  const { data, included: all = [] } = document as OneDocument<ResourceObject>;
  const owner = await appOfRead(reader, accountId, data);
  if (owner !== null && appId !== null && owner !== appId) return null;
  // Of the app only its name was asked for.
  const included = (all as ResourceObject[]).filter((one) => !factsOf(one.type).isApp);
  const resources = withInlined([data], inlined);
  const scope = owner === null ? {} : { appId: owner };
  await write(upsertStatements({ accountId, resources, included, fetchedAt, source: 'read', ...scope }));
  return { data, included };
}

/** The includes that fill tables of the mirror; to-many lists of people are left to the sync. */
function mirroredIncludes(type: ResourceType): string[] {
  return entryOf(type).include.filter((name) => {
    const target = relationshipOf(type, name)?.target;
    if (target === undefined || !isHeld(target)) return false;
    const { isApp, isPerApp } = factsOf(target);
    return !isApp && !isPerApp;
  });
}

/** The relationship that names the app, which Apple tells only where it is asked for. */
function appIncludes(type: ResourceType): string[] {
  return entryOf(type).include.filter((name) => {
    const { target, many } = relationshipOf(type, name) ?? {};
    return target !== undefined && many !== true && factsOf(target).isApp;
  });
}

/** Whether a single resource of this type can be read afresh into the mirror. */
export function canReadAfresh(type: ResourceType): boolean {
  return entryOf(type).cache === 'mirror' && isOffered({ type, operation: 'get' });
}
