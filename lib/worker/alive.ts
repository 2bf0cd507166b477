import type { AppContext } from '@/lib/context';
import {
  acquireLease,
  HEARTBEAT_MS,
  type Lease,
  ownerName,
  releaseLease,
  writeUnderLease,
} from '@/lib/store/lease';
import { WORKER_LEASE } from '@/lib/sync/status';

type AliveContext = Pick<AppContext, 'db' | 'clock' | 'log'>;

/** How often a worker that has to wait looks whether the other is still there, ms. */
const LOOK_MS = 1_000;

/** Holds the lease that shows that a worker lives. Of several workers one holds it, and another when that one ends. */
export async function keepAlive({ db, clock, log }: AliveContext, signal: AbortSignal): Promise<void> {
  const owner = ownerName();
  let lease: Lease | null = null;
  while (!signal.aborted) {
    try {
      if (lease) await writeUnderLease(db, lease, clock.now(), []);
      else lease = await acquireLease(db, WORKER_LEASE, owner, clock.now());
    } catch (error) {
      lease = null;
      log.warn({ error }, 'The sign of life could not be given.');
    }
    await clock.sleep(lease ? HEARTBEAT_MS : LOOK_MS, signal).catch(() => undefined);
  }
  if (lease) await releaseLease(db, lease).catch(() => undefined);
}
