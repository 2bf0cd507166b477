import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAscClient } from '@/lib/asc/client';
import type { AscFetch } from '@/lib/asc/transport/types';
import { systemClock } from '@/lib/clock';
import { createLog } from '@/lib/log';
import { type Database, openDatabase } from '@/lib/store/database';
import { runSync, type SyncMode, type SyncResult } from '@/lib/sync/run';
import type { SandboxFacts } from './processes';

export const ACCOUNT = 'account-1';

/** A new folder that is removed when the process ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An empty, migrated database with one account. */
export async function freshDatabase(): Promise<Database> {
  const db = await openDatabase({
    url: `file:${path.join(scratchFolder(), 'bench.db')}`,
    migrationsDir: path.resolve('prisma/migrations'),
  });
  await db.write([
    {
      sql: `INSERT INTO "Account" ("id", "name", "kind", "keyId", "baseUrl", "sealedKey", "createdAt", "updatedAt") VALUES (?, 'Bench', 'team', 'KEY', '', '', 0, 0)`,
      params: [ACCOUNT],
    },
  ]);
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
