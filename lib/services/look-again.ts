import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authorise, may } from '@/lib/access/policy';
import { entryOf } from '@/lib/asc/catalogue';
import { isAscError } from '@/lib/asc/errors';
import { largeMembersOf } from '@/lib/mirror/memberships';
import { getMirror, readAt, resolveAccount } from '@/lib/mirror/query';
import { isBuried } from '@/lib/mirror/tombstones';
import { announced } from '@/lib/store/feed';
import { shape } from '@/lib/store/shape';
import { readMembers } from '@/lib/sync/members';
import type { Ctx } from './ctx';
import { notFound, RefusedError } from './errors';
import { isToldGone, readAfresh, readerOf, type Which } from './resources/refresh';
import { isoOf } from './resources/shape';

export const lookBody = z.strictObject({
  type: z.enum(['betaTesters', 'betaGroups', 'builds']),
  id: z.string().min(1).max(400),
  /** Testers are what they are within one app. */
  app: z.string().min(1).max(400).optional(),
  account: z.string().min(1).max(100).optional(),
  /** A person has asked for it, however young the copy is. */
  isAsked: z.boolean().default(false),
});

/** What came of looking at one thing again. */
export interface Look {
  /** `read` afresh, still `fresh`, not asked because the role may not (`notAsked`), or `failed`. */
  readonly outcome: 'read' | 'fresh' | 'notAsked' | 'failed';
  /** How old what is shown is now, ISO text. */
  readonly fetchedAt: string | null;
  /** Why it could not be read, in words. */
  readonly reason: string | null;
}

/** A copy younger than this is not read again by itself, ms. */
const FRESH_MS = 60_000;
/** Whoever asks may have it again after this, ms. */
const ASKED_MS = 5_000;
/** What failed is not tried again by itself for so long, ms. */
const FAILED_MS = 15_000;
/** Behind a page nobody waits for the rate limit, ms. */
const MAX_WAIT_MS = 1_000;
const TIMEOUT_MS = 20_000;
/** So many members are read with their group at once, in three requests; of more the worker reads them. */
const FEW = 200;

/**
 * Reads one thing again that somebody has opened, when the copy is no longer young. Several who open the same thing
 * cause one reading; people's clicks and the sync's reserve come first; a viewer causes none.
 * @throws RefusedError 404 FLIGHTDECK.GONE when it is no longer there, and then it is no longer here either
 */
export async function lookAgain(ctx: Ctx, given: z.infer<typeof lookBody>): Promise<Look> {
  const { type, id } = given;
  authorise(ctx.actor, entryOf(type).permission.read);
  const held = await resolveAccount(ctx.db, type, id, { appId: given.app, accountId: given.account });
  const accountId = given.account ?? held?.accountId;
  const which: Which = { accountId: accountId ?? '', type, id, appId: given.app ?? held?.appId ?? null };
  if (!(await isHere(ctx, which)))
    throw (await isBuried(ctx.db, which.accountId, type, id)) ? gone(type) : unknown(type);
  const known = await ageOf(ctx, which);
  const youngest = given.isAsked ? ASKED_MS : FRESH_MS;
  if (ctx.clock.now() - ((await youngestPart(ctx, which)) ?? 0) < youngest) return told('fresh', known);
  if (!may(ctx.actor, 'apple:read')) return told('notAsked', known);
  const reason = await shared(ctx, which, given.isAsked);
  if (!(await isHere(ctx, which))) throw gone(type);
  return told(reason === null ? 'read' : 'failed', await ageOf(ctx, which), reason);
}

const told = (outcome: Look['outcome'], at: number | null, reason: string | null = null): Look => ({
  outcome,
  fetchedAt: isoOf(at),
  reason,
});

async function ageOf(ctx: Ctx, { accountId, type, id, appId }: Which): Promise<number | null> {
  const view = { of: type as 'builds', accountId, id, ...(appId === null ? {} : { appIds: [appId] }) };
  return readAt(ctx.db, view);
}

/** What decides whether it is read: of a large group only itself, since its members are the worker's. */
async function youngestPart(ctx: Ctx, which: Which): Promise<number | null> {
  const age = await ageOf(ctx, which);
  if (!largeMembersOf(which.type) || (await sizeOf(ctx, which)).told <= FEW) return age;
  return (await getMirror(ctx.db, which.accountId, 'betaGroups', which.id))?.fetchedAt ?? null;
}

async function isHere(ctx: Ctx, { accountId, type, id, appId }: Which): Promise<boolean> {
  const options = appId === null ? {} : { appId };
  return (await getMirror(ctx.db, accountId, type as 'builds', id, options)) !== null;
}

function gone(type: z.infer<typeof lookBody>['type']): RefusedError {
  return new RefusedError({
    status: 404,
    code: 'FLIGHTDECK.GONE',
    title: 'Deleted at App Store Connect',
    detail: `This ${entryOf(type).label.one} is no longer at App Store Connect; it has been removed here.`,
  });
}

function unknown(type: z.infer<typeof lookBody>['type']): RefusedError {
  return notFound(`There is no ${entryOf(type).label.one} of this id.`);
}

interface Reading {
  readonly startedAt: number;
  readonly done: Promise<string | null>;
  /** Null while it runs or when it succeeded. */
  failure: string | null;
}

/** What this process reads or has tried to read just now, by store and thing. */
const readings = new WeakMap<Ctx['db'], Map<string, Reading>>();

/** One reading for all who want it at the same time; gives why it failed, or null. */
async function shared(ctx: Ctx, which: Which, isAsked: boolean): Promise<string | null> {
  const ofStore = readings.get(ctx.db) ?? new Map<string, Reading>();
  readings.set(ctx.db, ofStore);
  const key = [which.accountId, which.type, which.id, which.appId].join(' ');
  const now = ctx.clock.now();
  const known = ofStore.get(key);
  if (known && (known.failure === null || (!isAsked && now - known.startedAt < FAILED_MS))) return known.done;
  for (const [other, { failure, startedAt }] of ofStore)
    if (failure !== null && now - startedAt >= FAILED_MS) ofStore.delete(other);
  const reading: Reading = { startedAt: now, done: attempt(ctx, which, isAsked), failure: null };
  ofStore.set(key, reading);
  reading.failure = await reading.done;
  if (reading.failure === null && ofStore.get(key) === reading) ofStore.delete(key);
  return reading.failure;
}

async function attempt(ctx: Ctx, which: Which, isAsked: boolean): Promise<string | null> {
  const lane = isAsked ? ('interactive' as const) : ('sync' as const);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const manner = { lane, signal, maxWaitMs: MAX_WAIT_MS };
  try {
    // Members first: the size is then Apple's own word, and not what was subtracted for those who left.
    if (largeMembersOf(which.type) && (await sizeOf(ctx, which)).told <= FEW) {
      const reader = await readerOf(ctx, which.accountId, manner);
      await readMembers(reader, which.id).catch(unlessGone);
    }
    const isThere = await readAfresh(ctx, which, manner);
    if (isThere && largeMembersOf(which.type)) await askForMembers(ctx, which);
    return null;
  } catch (error) {
    ctx.log.info({ requestId: ctx.requestId, type: which.type, err: error }, 'not read again behind a page');
    if (signal.aborted) return 'App Store Connect took too long to answer.';
    return isAscError(error) ? (error.errors[0]?.detail ?? error.message) : 'Flightdeck could not read it.';
  }
}

// The group itself is asked for next, and decides.
function unlessGone(error: unknown): void {
  if (!isToldGone(error)) throw error;
}

/** The members of a large group are read by the worker, when their number has changed. */
async function askForMembers(ctx: Ctx, which: Which): Promise<void> {
  const { accountId, id, appId } = which;
  const { told: size, known } = await sizeOf(ctx, which);
  if (size !== known) {
    const now = ctx.clock.now();
    const scopes = JSON.stringify([`members/${id}`]);
    await ctx.db.write([
      membersAsked({ id: randomUUID(), accountId, scopes, appId, now, since: now - FRESH_MS }),
      ...announced('syncRequests', [accountId], now),
    ]);
  }
}

/** A wish for the members of a group, unless one like it stands since not long ago. */
const membersAsked = shape(
  (
    build,
    given: {
      id: string;
      accountId: string;
      scopes: string;
      appId: string | null;
      now: number;
      since: number;
    },
  ) =>
    build
      .insertInto('syncRequests')
      .columns(['id', 'accountId', 'mode', 'scopes', 'appId', 'requestedAt'])
      .expression(
        build
          .selectNoFrom((eb) => [
            eb.val(given.id).as('id'),
            eb.val(given.accountId).as('accountId'),
            eb.val('scoped').as('mode'),
            eb.val(given.scopes).as('scopes'),
            eb.val(given.appId).as('appId'),
            eb.val(given.now).as('requestedAt'),
          ])
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('syncRequests as q')
                  .select('q.id')
                  .where('q.accountId', '=', given.accountId)
                  .where('q.scopes', '=', given.scopes)
                  .where('q.requestedAt', '>', given.since),
              ),
            ),
          ),
      ),
);

/** How many members a group has by Apple's word, and how many are known here. */
async function sizeOf({ db }: Ctx, { accountId, id }: Which): Promise<{ told: number; known: number }> {
  const [size] = await db.read(sizes({ accountId, id }));
  const known = size?.known ?? 0;
  return { told: size?.told ?? known, known };
}

const sizes = shape((build, given: { accountId: string; id: string }) =>
  build
    .selectFrom('betaGroups as g')
    .select(['g.testerCount as told'])
    .select(({ selectFrom, fn }) =>
      selectFrom('betaGroupTesters as m')
        .select(fn.countAll<number>().as('n'))
        .whereRef('m.accountId', '=', 'g.accountId')
        .whereRef('m.groupId', '=', 'g.id')
        .as('known'),
    )
    .where('g.accountId', '=', given.accountId)
    .where('g.id', '=', given.id),
);
