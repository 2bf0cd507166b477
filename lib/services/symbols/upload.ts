import { setTimeout as delay } from 'node:timers/promises';
import { authorise, authoriseApp } from '@/lib/access/policy';
import { inTurn } from '@/lib/feedback/archive/archive';
import { usedBytes } from '@/lib/feedback/archive/figures';
import { SYMBOLS_TYPE } from '@/lib/feedback/archive/limits';
import { PlaceError } from '@/lib/feedback/archive/place';
import { archivePlaces } from '@/lib/feedback/archive/places';
import { readRules } from '@/lib/feedback/archive/settings';
import type { Write } from '@/lib/store/store';
import { inMegabytes, SYMBOL_LIMITS, type SymbolLimits } from '@/lib/symbols/limits';
import {
  comingBytes,
  comingFile,
  countsForAll,
  reportsNeeding,
  type SymbolFileRow,
  storedSymbols,
  symbolFile,
  unarchivedSymbols,
} from '@/lib/symbols/rows';
import { type PassedOver, type TakenIn, takeIn } from '@/lib/symbols/take-in';
import { SymbolsError } from '@/lib/symbols/words';
import { appOf } from '../app-facts';
import { auditActor, audited } from '../audited';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';
import { forActor } from '../resources/shape';
import { letFileGo } from './let-go';

/** What became of the symbols of one binary. */
export interface SentSymbols {
  readonly name: string;
  readonly uuid: string;
  readonly arch: string;
  /** `known`: the same were here already. */
  readonly outcome: 'stored' | 'known' | 'refused';
  /** Crash reports that have calls in this binary without a name. */
  readonly reports: number;
  readonly words: string;
}

/** What became of everything that was sent. */
export interface SentAnswer {
  readonly symbols: readonly SentSymbols[];
  /** Binaries that give no symbols, and why not. */
  readonly passed: readonly PassedOver[];
}

/** The most that is taken in one request, bytes. */
export const MOST_SENT = SYMBOL_LIMITS.upload;

export { isMachO as isBinary } from '@/lib/symbols/mach-o';

/** Where something is put away or deleted by one process at a time. */
export const SYMBOLS_LEASE = 'symbolFiles';
/** How long to wait for others that put symbols away, ms. */
const PATIENCE_MS = 120_000;
const AGAIN_MS = 200;

/**
 * Takes in a dSYM that lies in a file, however it was packed.
 * @throws RefusedError 404 no such app, 422 nothing of it can be taken, 507 no room; ForbiddenError
 */
export async function takeInSymbols(
  ctx: Ctx,
  sent: {
    readonly file: string;
    readonly name: string;
    readonly folder: string;
    readonly appId?: string | undefined;
    readonly accountId?: string | undefined;
  },
  { limits = SYMBOL_LIMITS, signal }: { limits?: SymbolLimits; signal?: AbortSignal } = {},
): Promise<SentAnswer> {
  authorise(ctx.actor, 'symbols:write');
  const app = await sentFor(ctx, sent);
  const { taken, passed } = await takeIn(sent.file, sent.name, { folder: sent.folder, limits, signal }).catch(
    (error: unknown) => {
      if (error instanceof SymbolsError) throw refused(error.message);
      throw error;
    },
  );
  const place = app && { accountId: app.accountId, appId: app.appId };
  const symbols: SentSymbols[] = [];
  for (const one of taken) symbols.push(await putAway(ctx, one, place, limits));
  return forActor(ctx, { symbols, passed });
}

/** The app that symbols are sent for: the one that is named, else the one of the token. */
export async function sentFor(
  ctx: Ctx,
  { appId, accountId }: { readonly appId?: string | undefined; readonly accountId?: string | undefined },
) {
  const own = ctx.actor.kind === 'machine' ? ctx.actor.app : null;
  const wanted = appId || own?.appId;
  if (!wanted) return null;
  const app = await appOf(ctx, wanted, accountId ?? (appId ? undefined : own?.accountId));
  authoriseApp(ctx.actor, 'symbols:write', app);
  return app;
}

const refused = (detail: string) =>
  new RefusedError({
    status: 422,
    code: 'FLIGHTDECK.SYMBOLS',
    title: 'These are no symbols that can be taken',
    detail,
  });

type Place = { readonly accountId: string; readonly appId: string } | null;

/** Puts symbols where they belong, once for all that are the same. */
async function putAway(ctx: Ctx, one: TakenIn, place: Place, limits: SymbolLimits): Promise<SentSymbols> {
  const { name, uuid, arch, hash, size } = one;
  const isForAll = ctx.actor.kind !== 'machine' || ctx.actor.app === null;
  const needing = await reportsNeeding(ctx.db, [uuid], isForAll ? null : (place?.appId ?? null));
  const reports = needing.get(uuid) ?? 0;
  const said = (outcome: SentSymbols['outcome'], words: string): SentSymbols => ({
    ...{ name, uuid, arch, outcome, reports, words },
  });
  if (size > limits.upload) return said('refused', `It is larger than ${inMegabytes(limits.upload)}.`);
  const before = await symbolFile(ctx.db, uuid);
  if (before?.state === 'stored' && before.hash === hash) {
    const isNew = before.isForAll === 0 && (isForAll || before.appId !== place?.appId);
    if (isNew) await ctx.db.write([countsForAll(uuid)]);
    return said('known', `It is here already. ${needWords(reports)}`);
  }
  if (before?.state === 'stored' && !(isForAll && before.isForAll === 0))
    return said(
      'refused',
      'Other symbols are here for the same build of this binary. Delete those first if these are the right ones.',
    );
  const room = await whyNoRoom(ctx, size);
  if (room !== null) return said('refused', room);
  const row = {
    ...{ uuid, arch, name, hash, size, isForAll: isForAll ? (1 as const) : (0 as const) },
    ...{ textAddress: one.text.address.toString(16), textSize: one.text.size.toString(16) },
    ...{ accountId: place?.accountId ?? null, appId: place?.appId ?? null },
    ...{ createdAt: ctx.clock.now(), sentBy: auditActor(ctx.actor).actorEmail ?? '' },
  };
  try {
    await stored(ctx, one, row, before?.state === 'stored' ? before : null);
  } catch (error) {
    if (error instanceof PlaceError) return said('refused', error.message);
    throw error;
  }
  return said('stored', needWords(reports));
}

async function whyNoRoom(ctx: Ctx, size: number): Promise<string | null> {
  const { quotaBytes } = await readRules(ctx.db);
  if (quotaBytes === null || (await usedBytes(ctx.db)) + size <= quotaBytes) return null;
  return 'The archive has reached its quota. An admin can raise it under Settings, Archive, or delete symbols that are not needed any more.';
}

/** Puts bytes away and says so. Symbols that these replace stay what they are until the new ones lie in their place. */
async function stored(
  ctx: Ctx,
  { file, name, uuid, arch, hash }: TakenIn,
  row: Omit<SymbolFileRow, 'state' | 'trouble' | 'tries' | 'tryAfter'>,
  before: SymbolFileRow | null,
): Promise<void> {
  const places = archivePlaces(ctx.env);
  const draft = {
    ...(row.accountId && row.appId ? { accountId: row.accountId, appId: row.appId } : {}),
    ...{ action: 'create', type: 'symbolFiles', resourceId: uuid, label: name },
    requested: { uuid, arch, size: row.size },
  };
  await audited(ctx, draft, async () => {
    const statements: Write[] = [];
    await inSymbolsTurn(ctx, async () => {
      const place = await places.of(places.current);
      if (!place) throw new PlaceError('away', 'The place of the archive is not configured.');
      await ctx.db.write(before === null ? comingFile(row, place.name) : [comingBytes(row, place.name)]);
      try {
        await place.putFile(hash, file, SYMBOLS_TYPE);
      } catch (error) {
        if (before !== null) await ctx.db.write([unarchivedSymbols(hash)]);
        throw error;
      }
      if (before !== null) statements.push(...comingFile(row, place.name));
    });
    statements.push(...storedSymbols(row));
    return { result: undefined, after: { uuid, arch }, statements };
  });
  if (before === null) return;
  try {
    await inSymbolsTurn(ctx, () => letFileGo(ctx, before.hash));
  } catch (error) {
    // The new ones are here; what is left of the others is found when the archive is checked.
    ctx.log.warn({ uuid, err: error }, 'The file of symbols that were replaced could not be taken away.');
  }
}

/** Waits until nobody else puts symbols away or deletes them. @throws RefusedError 503 */
export async function inSymbolsTurn(ctx: Ctx, work: () => Promise<void>): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const done = await inTurn(
      ctx,
      new AbortController().signal,
      () => work().then(() => true),
      SYMBOLS_LEASE,
    );
    if (done) return;
    if (Date.now() > until)
      throw new RefusedError({
        status: 503,
        code: 'FLIGHTDECK.BUSY',
        title: 'Busy',
        detail: 'Other symbols are being put away at this moment. Try again in a minute.',
      });
    await delay(AGAIN_MS);
  }
}

function needWords(reports: number): string {
  if (reports === 0) return 'No crash report that is here needs it so far.';
  return reports === 1 ? 'One crash report needs it.' : `${reports} crash reports need it.`;
}
