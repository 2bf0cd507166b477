import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { StaleWriteError } from './errors';
import { birthOf } from './process-birth';
import { shape } from './shape';
import { type Exactly, exactly, type Store, type Write } from './store';

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

const held = shape((build, given: { name: string }) =>
  build.selectFrom('leases').select(['owner', 'token', 'expiresAt']).where('name', '=', given.name),
);
const begun = shape((build, given: Lease & { expiresAt: number }) =>
  build
    .insertInto('leases')
    .values({ name: given.name, owner: given.owner, token: given.token, expiresAt: given.expiresAt })
    .onConflict((conflict) => conflict.column('name').doNothing()),
);
const takenOver = shape((build, given: Lease & { expiresAt: number; former: number }) =>
  build
    .updateTable('leases')
    .set({ owner: given.owner, token: given.token, expiresAt: given.expiresAt })
    .where('name', '=', given.name)
    .where('token', '=', given.former),
);
const kept = shape((build, given: Lease & { expiresAt: number }) =>
  build
    .updateTable('leases')
    .set({ expiresAt: given.expiresAt })
    .where('name', '=', given.name)
    .where('owner', '=', given.owner)
    .where('token', '=', given.token),
);

/**
 * Takes a lease that is free, expired, or held by a process of this machine that no longer lives.
 * Gives null when somebody else has it.
 * @param options.takesBack also one that the same owner holds already, and knows to be idle
 */
export async function acquireLease(
  store: Store,
  name: string,
  owner: string,
  now: number,
  { takesBack = false }: { readonly takesBack?: boolean } = {},
): Promise<Lease | null> {
  const [before] = await store.read(held({ name }));
  const isMine = takesBack && before?.owner === owner;
  if (before && !isMine && isHeld(before, owner, now)) return null;
  const lease = { name, owner, token: (before?.token ?? 0) + 1 };
  const expiresAt = now + LEASE_MS;
  const take = before
    ? takenOver({ ...lease, expiresAt, former: before.token })
    : begun({ ...lease, expiresAt });
  try {
    await store.write([exactly(1, take)]);
    return lease;
  } catch (error) {
    if (error instanceof StaleWriteError) return null;
    throw error;
  }
}

/** Whether a lease is still its owner's. */
export async function holdsLease(store: Store, { name, owner, token }: Lease): Promise<boolean> {
  const [row] = await store.read(held({ name }));
  return row?.owner === owner && row.token === token;
}

/** What makes a late writer fail: it goes first into every transaction of the lease's owner. */
export function fence(lease: Lease, now: number): Exactly {
  return exactly(1, kept({ ...lease, expiresAt: now + LEASE_MS }));
}

/** Writes under a lease. @throws LeaseLostError when it is no longer ours: nothing was written */
export async function writeUnderLease(
  store: Store,
  lease: Lease,
  now: number,
  writes: readonly Write[],
): Promise<void> {
  try {
    await store.write([fence(lease, now), ...writes]);
  } catch (error) {
    // The fence is the only part of ours that insists on a number of rows.
    if (error instanceof StaleWriteError)
      throw new LeaseLostError(`Another worker has taken over ${lease.name}.`);
    throw error;
  }
}

const ended = shape((build, given: { name: string }) =>
  build
    .updateTable('leases')
    .set(({ eb }) => ({ owner: '', token: eb('token', '+', 1), expiresAt: 0 }))
    .where('name', '=', given.name),
);

/** Takes a lease from whoever holds it, whose next write fails. */
export function endedLease(name: string): Write {
  return ended({ name });
}

/** Gives the lease back; does nothing when it is no longer ours. */
export async function releaseLease(store: Store, lease: Lease): Promise<void> {
  await store.write([kept({ ...lease, expiresAt: 0 })]);
}

/** Whether somebody who may still live holds a lease. @param me name of the process that asks */
export function isHeld(lease: { owner: string; expiresAt: number }, me: string, now: number): boolean {
  return lease.expiresAt > now && !isGone(lease.owner, me);
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
