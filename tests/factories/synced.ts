import { createAscClient } from '@/lib/asc/client';
import type { AscClient, AscClientConfig } from '@/lib/asc/client-interface';
import { systemClock } from '@/lib/clock';
import { createLog } from '@/lib/log';
import { type Sandbox, type SandboxOptions, startSandbox } from '@/lib/sandbox/server';
import { runSync, type SyncInput, type SyncResult } from '@/lib/sync/run';
import type { TestDatabase } from './database';

export const ACCOUNT = 'account-1';

/** A client of a sandbox's first key, in the sync lane. */
export function sandboxClient(sandbox: Sandbox, config: Partial<AscClientConfig> = {}): AscClient {
  return createAscClient({
    baseUrl: sandbox.baseUrl,
    credential: {
      kind: 'team',
      issuerId: sandbox.issuerId,
      keyId: sandbox.keyId,
      privateKey: sandbox.privateKey,
    },
    lane: 'sync',
    ...config,
  });
}

/** The row of the account that a sandbox's key stands for. */
export async function addAccount(db: TestDatabase, id = ACCOUNT): Promise<void> {
  await db.write([
    {
      sql: `INSERT INTO "Account" ("id", "name", "kind", "keyId", "baseUrl", "sealedKey", "createdAt", "updatedAt") VALUES (?, 'Example', 'team', 'KEY', '', '', 0, 0)`,
      params: [id],
    },
  ]);
}

/** One sync with this machine's clock and no log. */
export function syncOnce(
  db: TestDatabase,
  asc: AscClient,
  options: Partial<SyncInput> = {},
): Promise<SyncResult> {
  return runSync({
    db,
    asc,
    accountId: ACCOUNT,
    mode: 'full',
    trigger: 'shell',
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    ...options,
  });
}

/** A sandbox whose time stands still, so that what is there can be counted. */
export function quietSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  return startSandbox({ alive: false, hourLimit: null, ...options });
}
