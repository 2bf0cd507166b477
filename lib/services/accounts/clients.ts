import { EncryptionKeyChangedError, type KeyStore } from '@/lib/access/key-store';
import type { AscWriter } from '@/lib/asc/client';
import { AscError } from '@/lib/asc/errors';
import { createRateBudget } from '@/lib/asc/transport/budget';
import type { Credential } from '@/lib/asc/transport/token';
import type { AscFetch } from '@/lib/asc/transport/types';
import type { Clock } from '@/lib/clock';
import type { Log } from '@/lib/log';
import type { Database } from '@/lib/store/database';
import type { ClientLane } from '../ctx';
import { keyLedger } from './key-ledger';
import { type AccountRow, accountRow } from './rows';

export interface ClientParts {
  readonly db: Database;
  readonly keys: KeyStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly fetch: AscFetch | undefined;
}

/**
 * The clients of a process, one per key, so that all requests of a key share one budget. A replaced key gets a new
 * client at the next call, in every process.
 */
export function createClients(
  parts: ClientParts,
): (accountId: string, lane?: ClientLane) => Promise<AscWriter> {
  const clients = new Map<string, { version: number; client: AscWriter }>();
  return async (accountId, lane = 'interactive') => {
    const row = await accountRow(parts.db, accountId);
    const known = clients.get(accountId);
    if (known?.version === row.keyVersion) return known.client.withLane(lane);
    const client = await connect(parts, row);
    clients.set(accountId, { version: row.keyVersion, client });
    return client.withLane(lane);
  };
}

async function connect({ db, keys, clock, log, fetch }: ClientParts, row: AccountRow): Promise<AscWriter> {
  const surroundings = {
    clock: () => clock.now(),
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal),
    random: Math.random,
  };
  // The whole catalogue comes with it: a start does not wait for what nobody asks of Apple yet.
  const { createAscClient } = await import('@/lib/asc/client');
  return createAscClient({
    ...surroundings,
    budget: createRateBudget({ ...surroundings, ledger: keyLedger({ db, clock, log }, row) }),
    baseUrl: row.baseUrl,
    credential: credentialOf(row, await openKey(keys, row)),
    log: log.child({ accountId: row.id }),
    ...(fetch ? { fetch } : {}),
  });
}

/** The facts of a key with the private key itself. */
export function credentialOf(
  account: { kind: 'team' | 'individual'; issuerId: string | null; keyId: string },
  privateKey: string,
): Credential {
  return account.kind === 'team'
    ? { kind: 'team', issuerId: account.issuerId ?? '', keyId: account.keyId, privateKey }
    : { kind: 'individual', keyId: account.keyId, privateKey };
}

async function openKey(keys: KeyStore, row: AccountRow): Promise<string> {
  try {
    return await keys.open(row);
  } catch (error) {
    if (error instanceof EncryptionKeyChangedError) throw error;
    throw new AscError({
      kind: 'bad_credential',
      message: `The stored key of “${row.name}” cannot be opened. Replace the key in Settings.`,
    });
  }
}
