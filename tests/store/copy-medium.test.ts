import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { copyDatabase } from '@/lib/store/copy/move';
import { testDatabase } from '@/tests/factories/database';
import { emptyPostgres, MIGRATIONS } from '@/tests/factories/stores';
import { addAccount, quietSandbox, sandboxClient, syncOnce } from '@/tests/factories/synced';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-medium-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a medium programme is the same after it was moved to PostgreSQL and back', {
  timeout: 300_000,
}, async () => {
  const sandbox = await quietSandbox({ size: 'medium' });
  const db = await testDatabase();
  await addAccount(db);
  await syncOnce(db, sandboxClient(sandbox));
  await sandbox.close();

  const copy = (from: string, to: string) =>
    copyDatabase({ from, to, migrationsDir: MIGRATIONS, now: Date.now(), inspect: async () => undefined });
  const postgres = await emptyPostgres();
  const back = `file:${path.join(folder, 'back.db')}`;
  const there = await copy(`file:${db.file}`, postgres);
  const again = await copy(postgres, back);
  await db.close();
  expect(again.tables).toEqual(there.tables);
  const rows = Object.fromEntries(there.tables.map((sum) => [sum.table, sum.rows]));
  expect(rows.betaTesters).toBeGreaterThan(10_000);
  expect(rows.betaGroupTesters).toBeGreaterThan(10_000);
  expect(rows.builds).toBeGreaterThan(100);
});
