import { createAscClient } from '@/lib/asc/client';
import type { AscClient, AscClientConfig, AscWriter } from '@/lib/asc/client-interface';
import { systemClock } from '@/lib/clock';
import { createLog } from '@/lib/log';
import { type Sandbox, type SandboxOptions, startSandbox } from '@/lib/sandbox/server';
import type { Store } from '@/lib/store/store';
import { runSync, type SyncInput, type SyncResult } from '@/lib/sync/run';

export const ACCOUNT = 'account-1';

/** A client of a sandbox's first key, in the sync lane. */
export function sandboxClient(sandbox: Sandbox, config: Partial<AscClientConfig> = {}): AscWriter {
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
export async function addAccount(db: Pick<Store, 'write' | 'build'>, id = ACCOUNT): Promise<void> {
  await db.write([
    db.build.insertInto('Account').values({
      id,
      name: 'Example',
      kind: 'team',
      keyId: 'KEY',
      baseUrl: '',
      sealedKey: '',
      createdAt: 0,
      updatedAt: 0,
    }),
  ]);
}

/** One sync with this machine's clock and no log. */
export function syncOnce(db: Store, asc: AscClient, options: Partial<SyncInput> = {}): Promise<SyncResult> {
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
