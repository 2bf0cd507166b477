import { StaleWriteError } from '@/lib/store/errors';
import { exactly, type Store, type Write } from '@/lib/store/store';

/** `scoped` reads only the lists that are named. */
export type SyncMode = 'full' | 'incremental' | 'scoped';

/** What people wish of a sync. */
export interface SyncRequest {
  /** Those that one sync answers. */
  readonly ids: readonly string[];
  readonly mode: SyncMode;
  /** Lists to read whole, beside what the mode reads. */
  readonly scopes: readonly string[];
}

/** Old requests are of no more use, ms. */
const KEPT_MS = 24 * 60 * 60_000;

/**
 * Takes what people asked for of an account: one sync answers all of it, a full one if anybody wanted that, only the
 * lists that were named if nobody wanted more.
 */
export async function takeRequest(db: Store, accountId: string, now: number): Promise<SyncRequest | null> {
  const waiting = await db.read(
    db.build
      .selectFrom('syncRequests')
      .select(['id', 'mode', 'scopes'])
      .where('accountId', '=', accountId)
      .where('takenAt', 'is', null)
      .orderBy('requestedAt')
      .$narrowType<{ mode: SyncMode }>(),
  );
  if (waiting.length === 0) return null;
  const ids = waiting.map(({ id }) => id);
  try {
    await db.write([
      exactly(
        ids.length,
        db.build
          .updateTable('syncRequests')
          .set({ takenAt: now })
          .where('takenAt', 'is', null)
          .where((is) => db.dialect.among(is.ref('id'), ids)),
      ),
      db.build.deleteFrom('syncRequests').where('takenAt', '<', now - KEPT_MS),
    ]);
  } catch (error) {
    // Another worker has taken them.
    if (error instanceof StaleWriteError) return null;
    throw error;
  }
  const modes = new Set(waiting.map(({ mode }) => mode));
  const mode = MODES.find((one) => modes.has(one)) ?? 'incremental';
  const scopes = waiting.flatMap(({ scopes: text }) => (text === null ? [] : (JSON.parse(text) as string[])));
  return { ids, mode, scopes: [...new Set(scopes)] };
}

/** The widest first. */
const MODES: readonly SyncMode[] = ['full', 'incremental', 'scoped'];

/** Gives requests back that could not be begun with. */
export async function giveBack(db: Store, ids: readonly string[]): Promise<void> {
  await db.write([
    db.build
      .updateTable('syncRequests')
      .set({ takenAt: null })
      .where('runId', 'is', null)
      .where((is) => db.dialect.among(is.ref('id'), ids)),
  ]);
}

/** Says which run answers the requests. */
export function answeredBy({ build, dialect }: Store, runId: string, ids: readonly string[]): Write[] {
  if (ids.length === 0) return [];
  return [
    build
      .updateTable('syncRequests')
      .set({ runId })
      .where((is) => dialect.among(is.ref('id'), ids)),
  ];
}
