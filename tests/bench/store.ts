import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createAscClient } from '@/lib/asc/client';
import type { AscFetch } from '@/lib/asc/transport/types';
import { systemClock } from '@/lib/clock';
import { createLog } from '@/lib/log';
import { type Database, openDatabase } from '@/lib/store/database';
import { runSync, type SyncMode, type SyncResult } from '@/lib/sync/run';
import type { Engine } from './engine';
import type { SandboxFacts } from './processes';

export const ACCOUNT = 'account-1';

/** An empty, migrated database with one account. */
export async function freshDatabase(engine: Engine): Promise<Database> {
  const db = await openDatabase({
    url: await engine.newDatabase(),
    migrationsDir: path.resolve('prisma/migrations'),
  });
  const account = { id: ACCOUNT, name: 'Bench', kind: 'team', keyId: 'KEY', baseUrl: '', sealedKey: '' };
  await db.write([db.build.insertInto('Account').values({ ...account, createdAt: 0, updatedAt: 0 })]);
  return db;
}

/** One sync with a client that knows nothing yet. */
export function sync(
  db: Database,
  sandbox: SandboxFacts,
  mode: SyncMode,
  fetchWith?: AscFetch,
): Promise<SyncResult> {
  const asc = createAscClient({
    baseUrl: sandbox.baseUrl,
    credential: { kind: 'team', ...sandbox, privateKey: readFileSync(sandbox.privateKeyPath, 'utf8') },
    lane: 'sync',
    ...(fetchWith ? { fetch: fetchWith } : {}),
  });
  const log = createLog({ level: 'silent' });
  return runSync({ db, asc, accountId: ACCOUNT, mode, trigger: 'shell', clock: systemClock, log });
}
