import { statfs } from 'node:fs/promises';
import { formatCount } from '@/lib/format/numbers';
import { DatabaseUnavailableError } from '@/lib/store/errors';
import { shape } from '@/lib/store/shape';
import { isWorkerAlive } from '@/lib/sync/status';
import { accountRows } from './accounts/rows';
import type { Ctx } from './ctx';

/** Anybody may ask without a session; so the probe writes once in this time, ms, however often it is asked. */
const PROBED_FOR_MS = 10_000;
const probes = new WeakMap<HealthCtx['db'], { readonly at: number; readonly check: Promise<Check> }>();

type HealthCtx = Pick<Ctx, 'db' | 'clock' | 'env' | 'log' | 'keys'>;

export interface Check {
  readonly ok: boolean;
  readonly detail: string;
  readonly reason?: string;
}

export interface Readiness {
  readonly status: 'ready' | 'not ready';
  readonly checks: {
    readonly database: Check;
    readonly disk: Check;
    readonly worker: Check;
    readonly sync: Check;
    readonly encryptionKey: Check;
  };
}

/** With less room than this writes are close to failing, bytes. */
const LEAST_FREE = 64 * 1024 * 1024;
const HOUR_MS = 60 * 60_000;
/** What the probe asks for: pages of its own, since a few bytes fit into the last page of a full database. */
const PROBE = 'x'.repeat(16 * 1024);

/**
 * Whether this installation can do its work: a write probe, room on the disk, a worker that holds a lease, and a
 * sync that is not too long ago, and the key that opens the stored keys. `database` and `disk` decide about `status`; the others only inform.
 */
export async function readiness(ctx: HealthCtx): Promise<Readiness> {
  const [database, disk] = await Promise.all([rememberedProbe(ctx), roomOnDisk(ctx)]);
  const checks = {
    database,
    disk,
    worker: await unlessAway(() => workerLease(ctx)),
    sync: await unlessAway(() => lastSync(ctx)),
    encryptionKey: await unlessAway(() => encryptionKey(ctx)),
  };
  return { status: database.ok && disk.ok ? 'ready' : 'not ready', checks };
}

const answers = shape((build) => build.selectNoFrom(({ lit }) => lit(1).as('one')));

/** Why the store cannot be asked now, in a sentence; null when it answers. */
export async function whyStoreIsAway(db: Ctx['db']): Promise<string | null> {
  try {
    await db.read(answers({}));
    return null;
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) return error.message;
    throw error;
  }
}

/** What cannot be found out while the store is away says so for itself. */
async function unlessAway(check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof DatabaseUnavailableError)) throw error;
    return { ok: false, detail: error.message, reason: error.reason };
  }
}

function rememberedProbe(ctx: HealthCtx): Promise<Check> {
  const now = ctx.clock.now();
  const known = probes.get(ctx.db);
  if (known && Math.abs(now - known.at) < PROBED_FOR_MS) return known.check;
  const check = writeProbe(ctx);
  probes.set(ctx.db, { at: now, check });
  // What is wrong is told as over the moment it is over.
  return check.finally(async () => {
    if (!(await check).ok) probes.delete(ctx.db);
  });
}

async function writeProbe({ db, clock }: HealthCtx): Promise<Check> {
  try {
    const now = clock.now();
    const row = { key: 'writeProbe', updatedAt: now };
    const probe = db.build.insertInto('settings');
    await db.write(
      [
        probe
          .values({ ...row, value: PROBE })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: PROBE, updatedAt: now })),
        db.build
          .updateTable('settings')
          .set({ value: String(now) })
          .where('key', '=', row.key),
      ],
      { patienceMs: 1000 },
    );
    return { ok: true, detail: 'The database can be written.' };
  } catch (error) {
    if (error instanceof DatabaseUnavailableError)
      return { ok: false, detail: error.message, reason: error.reason };
    return { ok: false, detail: 'The database cannot be written.', reason: 'io' };
  }
}

async function roomOnDisk({ db, env }: HealthCtx): Promise<Check> {
  if (db.dialect.engine === 'postgres') return { ok: true, detail: 'PostgreSQL has a disk of its own.' };
  try {
    const { bavail, bsize } = await statfs(env.DATA_DIR);
    const free = bavail * bsize;
    const detail = `${formatCount(Math.floor(free / 1024 / 1024))} MB are free.`;
    return free >= LEAST_FREE ? { ok: true, detail } : { ok: false, detail, reason: 'full' };
  } catch {
    return { ok: false, detail: 'The data folder cannot be looked at.', reason: 'io' };
  }
}

async function workerLease({ db, clock }: HealthCtx): Promise<Check> {
  if (await isWorkerAlive(db, clock.now())) return { ok: true, detail: 'A worker is at work.' };
  return {
    ok: false,
    detail: 'No worker is running, so nothing is synced and no job goes on.',
    reason: 'no_worker',
  };
}

async function lastSync({ db, clock }: HealthCtx): Promise<Check> {
  if ((await accountRows(db)).length === 0) return { ok: true, detail: 'There is no account to sync yet.' };
  const { _max: newest } = await db.prisma.syncRun.aggregate({
    _max: { finishedAt: true },
    where: { status: 'succeeded' },
  });
  const at = newest.finishedAt;
  if (at === null) return { ok: false, detail: 'No sync has finished yet.', reason: 'never' };
  const ok = clock.now() - at < HOUR_MS;
  return {
    ok,
    detail: `The last sync finished at ${new Date(at).toISOString()}.`,
    ...(ok ? {} : { reason: 'old' }),
  };
}

async function encryptionKey({ keys }: HealthCtx): Promise<Check> {
  if (await keys.isCurrent()) return { ok: true, detail: 'The stored keys can be opened.' };
  return {
    ok: false,
    detail: 'The stored keys are under a new encryption key, which this process was not given.',
    reason: 'encryption_key',
  };
}
