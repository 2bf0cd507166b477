import { forms, type Made } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { type SyncStatus, syncStatus } from '@/lib/sync/status';
import { type DatedBuild, datedBuilds } from '../builds/known-builds';

type Maker = Parameters<Parameters<typeof asked>[2]>[0];

/** What finders ask: all accounts or one, at an instant. */
export interface Ask {
  readonly db: Store;
  /** The programme's time, ms since 1970. */
  readonly now: number;
  /** This machine's time, by which syncs and leases run. */
  readonly machineNow: number;
  readonly accountId: string | undefined;
  /** How often accounts are synced, ms. */
  readonly syncEveryMs: number;
  /** Builds that end, or ended not long ago. */
  builds(): Promise<readonly DatedBuild[]>;
  /** The accounts and how their syncs stand. */
  syncs(): Promise<readonly SyncStatus[]>;
  /** What takes long where there is much, and changes slowly: a minute old serves too, unless nothing is remembered. */
  slowly<Result>(what: string, read: () => Promise<Result>): Promise<Result>;
  /** What several finders look at is read once. */
  once<Result>(what: string, read: () => Promise<Result>): Promise<Result>;
  /** Rows of what is told apart by `what`; the query is limited to the account by `isOne` and `at.accountId`. */
  rows<Values extends object, Row>(
    what: string,
    given: Values,
    make: (build: Maker, at: Values & { readonly accountId: string }, isOne: boolean) => Made<Row>,
  ): Promise<readonly Row[]>;
}

const asked = forms();

interface Remembered {
  readonly at: number;
  readonly result: Promise<unknown>;
}
/** What was read slowly, by what it is. */
type Memory = Map<string, Remembered>;
const REMEMBERED_MS = 60_000;
const memories = new WeakMap<object, Memory>();

/** What this process remembers of a store. */
export function memoryOf(db: object): Memory {
  const memory = memories.get(db) ?? new Map<string, Remembered>();
  memories.set(db, memory);
  return memory;
}

/** A question to the finders; `machineNow` where the programme's time differs from this machine's. */
export function askOf(
  db: Store,
  {
    now,
    accountId,
    machineNow = now,
    syncEveryMs = 0,
    memory,
  }: {
    readonly now: number;
    readonly accountId?: string | undefined;
    readonly machineNow?: number | undefined;
    readonly syncEveryMs?: number;
    readonly memory?: Memory;
  },
): Ask {
  const isOne = accountId !== undefined;
  const known = new Map<string, Promise<unknown>>();
  const once = <Result>(what: string, read: () => Promise<Result>): Promise<Result> => {
    const before = known.get(what) as Promise<Result> | undefined;
    if (before) return before;
    const reading = read();
    known.set(what, reading);
    return reading;
  };
  const slowly = <Result>(what: string, read: () => Promise<Result>): Promise<Result> => {
    if (!memory) return once(what, read);
    const key = `${what} ${accountId ?? ''}`;
    const before = memory.get(key);
    if (before && Math.abs(machineNow - before.at) < REMEMBERED_MS) return before.result as Promise<Result>;
    const result = read();
    memory.set(key, { at: machineNow, result });
    result.catch(() => memory.delete(key));
    return result;
  };
  return {
    ...{ db, now, machineNow, accountId, syncEveryMs, once, slowly },
    builds: () => once('builds', () => datedBuilds(db, { now, accountId })),
    syncs: () =>
      once('syncs', async () =>
        (await syncStatus(db, machineNow)).filter((one) => !isOne || one.accountId === accountId),
      ),
    rows: (what, given, make) =>
      db.read(
        asked(`${what} ${isOne}`, { ...given, accountId: accountId ?? '' }, (build, at) =>
          make(build, at, isOne),
        ),
      ),
  };
}

export const DAY_MS = 86_400_000;
/** An instant as ISO text; null stays null. */
export const isoAt = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
