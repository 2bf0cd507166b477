import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { inTurn, type Turn } from '@/lib/feedback/archive/archive';
import { PlaceError } from '@/lib/feedback/archive/place';
import { archivePlaces } from '@/lib/feedback/archive/places';
import { fileOf } from '@/lib/feedback/archive/rows';
import { unzipped } from '@/lib/feedback/logs';
import { type OwnNames, unzippedNames, zippedNames } from '@/lib/feedback/names';
import {
  droppedSymbols,
  dueSymbols,
  foundNames,
  needingLogs,
  neverCame,
  type SymbolFileRow,
  strayFiles,
  symbolTrouble,
} from '@/lib/symbols/rows';
import {
  findSymbolizer,
  SYMBOLIZER_LIMITS,
  type Symbolizer,
  SymbolizerError,
  type SymbolizerLimits,
  symbolize,
} from '@/lib/symbols/symbolizer';
import { offsetsWantedIn } from '@/lib/symbols/wanted';
import type { Ctx } from '../ctx';
import { letFileGo } from './let-go';
import { inRoom, tidyRooms } from './room';
import { noteTool } from './tool';
import { SYMBOLS_LEASE } from './upload';

/** Only one at a time of all processes: what reads symbols takes much memory. */
const LEASE = 'symbolicate';
/** How soon to look for the tool again where there is none, ms. */
const LOOK_MS = 60_000;
/** Logs that are named at a time. */
const PORTION = 50;
/** How long to wait after each failure, ms; the last one from then on. */
const WAITS_MS = [5, 30, 120, 480, 1_440].map((minutes) => minutes * 60_000);
/** What was begun so long ago never comes, ms. */
const NEVER_MS = 60 * 60_000;

/**
 * Puts names to the calls of an account's crash logs, as far as symbols are here that tell them, and has these grouped
 * anew. Gives when to come again at the earliest (ms since 1970), null when nothing is known to forbid it.
 */
export async function symbolicate(
  ctx: Ctx,
  accountId: string,
  signal: AbortSignal,
  { limits }: { limits?: Partial<SymbolizerLimits> } = {},
): Promise<number | null> {
  const { db, clock, env } = ctx;
  if (!(await dueSymbols(db, accountId, clock.now()))) return null;
  const tool = await toolOf(ctx);
  if (tool === null) return clock.now() + LOOK_MS;
  const memory = { ...SYMBOLIZER_LIMITS, memoryMb: env.SYMBOLIZER_MEMORY_MB, ...limits };
  await inTurn(
    ctx,
    signal,
    async (turn) => {
      for (;;) {
        const file = await dueSymbols(db, accountId, clock.now());
        if (!file || turn.signal.aborted) return;
        await byFile({ ctx, accountId, tool, turn, limits: memory }, file);
      }
    },
    LEASE,
  );
  return null;
}

/** Looks for the tool and tells people what was found; looked for again each time, so that it may be installed meanwhile. */
export async function lookForTool(ctx: Ctx): Promise<void> {
  await toolOf(ctx);
}

async function toolOf(ctx: Ctx): Promise<Symbolizer | null> {
  const { db, clock, env, log } = ctx;
  const looked = await findSymbolizer(env.FLIGHTDECK_SYMBOLIZER);
  const found = 'found' in looked ? looked.found : null;
  const state = {
    ...{ isThere: found !== null, version: found?.version ?? null, at: clock.now() },
    ...{ isCutOff: found !== null && found.without.length > 0, why: 'why' in looked ? looked.why : null },
  };
  if (await noteTool(db, state)) {
    if (found === null) log.warn({ reason: state.why }, 'Symbols cannot be read.');
    else if (!state.isCutOff)
      log.warn('llvm-symbolizer is run with the network within its reach: unshare is not allowed here.');
    else log.info({ version: state.version }, 'Symbols are read by llvm-symbolizer, without a network.');
  }
  return found;
}

interface Work {
  readonly ctx: Ctx;
  readonly accountId: string;
  readonly tool: Symbolizer;
  readonly turn: Turn;
  readonly limits: SymbolizerLimits;
}

async function byFile(work: Work, file: SymbolFileRow): Promise<void> {
  const { ctx, turn, accountId } = work;
  const { uuid, hash, name } = file;
  try {
    const local = await localCopy(ctx, file);
    const count = await named(work, file, local);
    if (file.trouble !== null)
      await turn.write([symbolTrouble({ uuid, hash, trouble: null, tries: 0, tryAfter: 0 })]);
    ctx.log.info({ accountId, uuid, name, count }, 'Names were put to calls in crash logs.');
  } catch (error) {
    turn.signal.throwIfAborted();
    if (!(error instanceof SymbolizerError || error instanceof PlaceError)) throw error;
    const wait = WAITS_MS[Math.min(file.tries, WAITS_MS.length - 1)] ?? 0;
    const after = { tries: file.tries + 1, tryAfter: ctx.clock.now() + wait };
    ctx.log.warn(
      { accountId, uuid, name, reason: error.message },
      'Symbols could not be read; trying again.',
    );
    await turn.write([symbolTrouble({ uuid, hash, trouble: error.message, ...after })]);
  }
}

/** Puts names to all logs that need this file; gives how many they were. */
async function named(work: Work, file: SymbolFileRow, local: string): Promise<number> {
  const { ctx, accountId, tool, turn, limits } = work;
  const { uuid, hash, arch, size } = file;
  const text = { address: BigInt(`0x${file.textAddress}`), size: BigInt(`0x${file.textSize}`) };
  let count = 0;
  for (;;) {
    const logs = await needingLogs(ctx.db, file, { accountId, most: PORTION });
    if (logs.length === 0 || turn.signal.aborted) return count;
    const wanted = new Map<string, readonly number[]>();
    for (const { feedbackId, bytes } of logs) {
      const log = await unzipped(bytes).catch(() => '');
      wanted.set(feedbackId, offsetsWantedIn(log, uuid));
      await breathe();
    }
    const offsets = [...new Set([...wanted.values()].flat())];
    const asked = { file: local, size, arch, text };
    const found = await symbolize(tool, asked, offsets, { limits, signal: turn.signal });
    for (const { feedbackId, symbols: before } of logs) {
      const here = (wanted.get(feedbackId) ?? []).flatMap((offset) => {
        const calls = found.get(offset);
        return calls ? [[offset.toString(16), calls] as const] : [];
      });
      const known = before === null ? null : await unzippedNames(before);
      const names: OwnNames = { ...known, [uuid]: Object.fromEntries(here) };
      const symbols = here.length === 0 ? null : await zippedNames(names);
      await turn.write(foundNames({ accountId, feedbackId, uuid, hash, symbols, now: ctx.clock.now() }));
      count += 1;
    }
  }
}

/** Of symbols that lie in a bucket copies are kept here for a while, bytes. */
const MOST_COPIED = 4 * 1024 * 1024 * 1024;

/** Where symbols can be read piece by piece. @throws PlaceError when they are not there */
async function localCopy(ctx: Ctx, { hash, uuid }: SymbolFileRow): Promise<string> {
  const archived = await fileOf(ctx.db, hash);
  const place = archived && (await archivePlaces(ctx.env).of(archived.place));
  if (!place) throw new PlaceError('away', 'The place where these symbols lie is not configured.');
  const here = await place.pathOf(hash);
  if (here !== null) return here;
  const folder = path.join(ctx.env.DATA_DIR, 'symbols-copied');
  const copy = path.join(folder, hash);
  if (await stat(copy).catch(() => null)) {
    await utimes(copy, new Date(), new Date());
    return copy;
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return inRoom(ctx.env, async (room) => {
    const fresh = path.join(room, uuid);
    if (!(await place.copyTo(hash, fresh)))
      throw new PlaceError(
        'refused',
        'The file of these symbols is missing. Send them again after deleting these.',
      );
    await makeRoom(folder, (await stat(fresh)).size);
    await rename(fresh, copy);
    return copy;
  });
}

/** Lets the copies go that were not used for longest. */
async function makeRoom(folder: string, size: number): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => ({ name, ...(await stat(path.join(folder, name))) })),
  );
  let used = size + files.reduce((total, file) => total + file.size, 0);
  for (const { name, size: freed } of files.sort((one, other) => one.mtimeMs - other.mtimeMs)) {
    if (used <= MOST_COPIED) return;
    await rm(path.join(folder, name), { force: true });
    used -= freed;
  }
}

/** Takes away what uploads left behind that were ended in the middle, and files whose symbols are others now. */
export async function tidySymbols(ctx: Ctx): Promise<void> {
  await tidyRooms(ctx.env);
  const before = ctx.clock.now() - NEVER_MS;
  const [never, stray] = await Promise.all([neverCame(ctx.db, before), strayFiles(ctx.db, before)]);
  if (never.length + stray.length === 0) return;
  const letGo = [
    ...never.map(({ uuid, hash }) => ({ hash, first: [droppedSymbols(uuid)] })),
    ...stray.map(({ hash }) => ({ hash, first: [] })),
  ];
  // Where somebody sends symbols just now it is left for the next time.
  const always = new AbortController().signal;
  await inTurn(
    ctx,
    always,
    async () => {
      for (const { hash, first } of letGo) {
        await letFileGo(ctx, hash, first).catch((error: unknown) => {
          if (!(error instanceof PlaceError)) throw error;
          ctx.log.warn({ hash, reason: error.message }, 'A file of symbols could not be taken away.');
        });
      }
    },
    SYMBOLS_LEASE,
  );
}
