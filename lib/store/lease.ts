import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Database, StaleWriteError, type Statement } from './database';
import { birthOf } from './process-birth';

/** How long a worker may be silent before another takes over, ms. */
export const LEASE_MS = 30_000;
export const HEARTBEAT_MS = 10_000;

/** Who works: a lease with the fencing token that every write of its owner carries. */
export interface Lease {
  readonly name: string;
  readonly owner: string;
  readonly token: number;
}

/** Another worker has taken over: stop at once and write nothing. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** A name for this process that tells a restarted worker whether the former owner is gone. */
export function ownerName(): string {
  const name = `${hostname()}/${process.pid}/${birthOf(process.pid) ?? ''}/${randomUUID()}`;
  ours.add(name);
  return name;
}

/** Names of this very process: two runners in it respect each other's leases. */
const ours = new Set<string>();

/**
 * Takes a lease that is free, expired, or held by a process of this machine that no longer lives.
 * Gives null when somebody else has it.
 */
export async function acquireLease(
  db: Database,
  name: string,
  owner: string,
  now: number,
): Promise<Lease | null> {
  const [held] = db.query<{ owner: string; token: number; expiresAt: number }>(
    'SELECT owner, token, expiresAt FROM leases WHERE name = ?',
    [name],
  );
  if (held && held.expiresAt > now && !isGone(held.owner, owner)) return null;
  const token = (held?.token ?? 0) + 1;
  const statement: Statement = held
    ? {
        sql: 'UPDATE leases SET owner = ?, token = ?, expiresAt = ? WHERE name = ? AND token = ?',
        params: [owner, token, now + LEASE_MS, name, held.token],
        expectChanges: 1,
      }
    : {
        sql: 'INSERT INTO leases (name, owner, token, expiresAt) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
        params: [name, owner, token, now + LEASE_MS],
        expectChanges: 1,
      };
  try {
    await db.write([statement]);
    return { name, owner, token };
  } catch (error) {
    if (error instanceof StaleWriteError) return null;
    throw error;
  }
}

/** The statement that makes a late writer fail: it goes first into every transaction of the lease's owner. */
export function fence(lease: Lease, now: number): Statement {
  return {
    sql: 'UPDATE leases SET expiresAt = ? WHERE name = ? AND owner = ? AND token = ?',
    params: [now + LEASE_MS, lease.name, lease.owner, lease.token],
    expectChanges: 1,
  };
}

/** Runs statements under a lease. @throws LeaseLostError when it is no longer ours: nothing was written */
export async function writeUnderLease(
  db: Database,
  lease: Lease,
  now: number,
  statements: readonly Statement[],
): Promise<void> {
  try {
    await db.write([fence(lease, now), ...statements]);
  } catch (error) {
    // The fence is the only statement of ours that insists on a number of rows.
    if (error instanceof StaleWriteError)
      throw new LeaseLostError(`Another worker has taken over ${lease.name}.`);
    throw error;
  }
}

/** Gives the lease back; does nothing when it is no longer ours. */
export async function releaseLease(db: Database, lease: Lease): Promise<void> {
  await db.write([
    {
      sql: 'UPDATE leases SET expiresAt = 0 WHERE name = ? AND owner = ? AND token = ?',
      params: [lease.name, lease.owner, lease.token],
    },
  ]);
}

/** Only sure for processes of this machine; a worker elsewhere is waited for until its lease expires. */
function isGone(holder: string, me: string): boolean {
  const [host, pid, birth] = holder.split('/');
  const [myHost, myPid] = me.split('/');
  if (host !== myHost || ours.has(holder)) return false;
  // A container restarts with the same host name and process id: the former owner is gone then.
  if (pid === myPid) return true;
  const living = birthOf(Number(pid));
  if (living === null) return true;
  // The number may have been given to another process since, above all after the machine was started anew.
  return birth?.includes('.') === true && living.includes('.') && birth !== living;
}
