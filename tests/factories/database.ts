import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompiledQuery } from 'kysely';
import { type Database, type DatabaseOptions, openDatabase, type SqlValue } from '@/lib/store/database';

const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** A store that tests may also ask in SQL text, to look behind what is tested. */
export interface TestDatabase extends Database {
  query<Row>(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;
}

let template: string | undefined;

/** A database of its own for each test, copied from one that was migrated once per test process. */
export async function testDatabase(options: Pick<DatabaseOptions, 'patienceMs'> = {}): Promise<TestDatabase> {
  const folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-test-'));
  const file = path.join(folder, 'flightdeck.db');
  copyFileSync(await migratedTemplate(), file);
  const db = openDatabase({ ...options, url: `file:${file}`, migrationsDir: null });
  return {
    ...askable(db),
    async close() {
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The store with a way to ask it in text. */
export function askable(db: Database): TestDatabase {
  return {
    ...db,
    query: <Row>(sql: string, params: readonly SqlValue[] = []) =>
      db.read<Row>(CompiledQuery.raw(sql, [...params]) as CompiledQuery<Row>),
  };
}

async function migratedTemplate(): Promise<string> {
  if (template !== undefined && existsSync(template)) return template;
  const folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-template-'));
  const file = path.join(folder, 'template.db');
  // Closing the last connection moves everything from the write-ahead log into the file.
  await openDatabase({ url: `file:${file}`, migrationsDir: MIGRATIONS }).close();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  template = file;
  return file;
}
