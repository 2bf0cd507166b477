import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { attempted, BackupError, said } from '../backup-error';
import { unavailability } from '../errors';
import { applyMigrations, type Migration } from '../migrate';
import type { Source, Target } from './sides';
import { HISTORY, inChunks, listed, namesOf, rowsOf, type Table } from './tables';

/** A moment of an SQLite database. @throws BackupError when there is none */
export function sqliteSource(file: string): Source {
  if (!existsSync(file)) throw new BackupError(`There is no database at ${file}.`);
  const sqlite = new Sqlite(file, { timeout: 30_000 });
  try {
    sqlite.pragma('query_only = ON');
    sqlite.exec('BEGIN');
    return { applied: appliedTo(sqlite), ...reading(sqlite), close: async () => void sqlite.close() };
  } catch (error) {
    sqlite.close();
    throw said(error, file);
  }
}

const reading = (sqlite: Sqlite.Database): Pick<Source, 'chunks' | 'counters'> => ({
  chunks: (table) => inChunks(rowsOf(sqlite, table)),
  async counters() {
    const rows = sqlite
      .prepare<[], { name: string; seq: number }>('SELECT name, seq FROM sqlite_sequence')
      .all();
    return new Map(rows.map(({ name, seq }) => [name, seq]));
  },
});

/** Names of the migrations that an SQLite database has. @throws BackupError when it is not one of ours */
export function appliedTo(sqlite: Sqlite.Database): string[] {
  const isOurs = sqlite.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(HISTORY);
  if (!isOurs) throw new BackupError(`${sqlite.name} is not a database of Flightdeck.`);
  return sqlite
    .prepare<[], { name: string }>(`SELECT migration_name AS name FROM "${HISTORY}" ORDER BY 1`)
    .all()
    .map(({ name }) => name);
}

/**
 * A new file, which has its name only once it is whole.
 * @param finish what is still to be done to it before it has its name
 * @throws BackupError when something is there already
 */
export function sqliteTarget(
  file: string,
  migrations: readonly Migration[],
  now: number,
  finish: (begun: string) => void = () => undefined,
): Target {
  refuseTaken(file);
  const begun = `${file}.begun`;
  const drop = () => {
    for (const rest of [begun, `${begun}-journal`]) rmSync(rest, { force: true });
  };
  const sqlite = newFile(begun, drop);
  try {
    // A break leaves a file that is thrown away, so nothing need be kept for going back.
    for (const setting of [
      'locking_mode = EXCLUSIVE',
      'journal_mode = OFF',
      'synchronous = OFF',
      'cache_size = -32000',
    ]) {
      sqlite.pragma(setting);
    }
    applyMigrations(sqlite, migrations, now);
    const restore = withoutTriggers(sqlite);
    sqlite.exec('BEGIN');
    return {
      ...filling(sqlite),
      ...reading(sqlite),
      commit: () =>
        attempted(file, async () => {
          sqlite.exec('COMMIT');
          restore();
          sqlite.close();
          finish(begun);
          toDisk(begun);
          refuseTaken(file);
          renameSync(begun, file);
        }),
      async close() {
        sqlite.close();
        drop();
      },
    };
  } catch (error) {
    sqlite.close();
    drop();
    throw said(error, file);
  }
}

function newFile(begun: string, drop: () => void): Sqlite.Database {
  try {
    mkdirSync(path.dirname(begun), { recursive: true, mode: 0o700 });
    if (existsSync(begun)) refuseBeingWritten(begun);
    drop();
    // Nobody else may read it, from its first byte on.
    closeSync(openSync(begun, 'wx', 0o600));
    return new Sqlite(begun);
  } catch (error) {
    throw said(error, begun);
  }
}

function refuseTaken(file: string): void {
  const there = [file, `${file}-wal`].find((one) => existsSync(one));
  if (there !== undefined) throw new BackupError(`${there} is there already. Name a file that is not.`);
}

/** What a process left that was killed is not locked. */
function refuseBeingWritten(begun: string): void {
  const sqlite = new Sqlite(begun, { timeout: 0 });
  try {
    sqlite.exec('BEGIN IMMEDIATE');
  } catch (error) {
    if (unavailability(error) !== 'locked') return;
    throw new BackupError('Another process is writing there at this moment.', { cause: error });
  } finally {
    sqlite.close();
  }
}

function filling(sqlite: Sqlite.Database): Pick<Target, 'clear' | 'put' | 'setCounters'> {
  const statements = new Map<string, Sqlite.Statement>();
  const insertInto = (table: Table) => {
    const known = statements.get(table.name);
    if (known) return known;
    const places = table.columns.map(() => '?').join(', ');
    const made = sqlite.prepare(`INSERT INTO "${table.name}" (${listed(namesOf(table))}) VALUES (${places})`);
    statements.set(table.name, made);
    return made;
  };
  return {
    async clear({ name }) {
      sqlite.exec(`DELETE FROM "${name}"`);
    },
    put: (table, rows) =>
      attempted(sqlite.name, async () => {
        const insert = insertInto(table);
        for (const row of rows) insert.run(...row);
      }),
    async setCounters(tables, counters) {
      const forget = sqlite.prepare('DELETE FROM sqlite_sequence WHERE name = ?');
      const note = sqlite.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)');
      for (const { name, counter } of tables) {
        const last = counters.get(name);
        if (counter === null || last === undefined) continue;
        forget.run(name);
        note.run(name, last);
      }
    },
  };
}

/** What triggers would write is copied, except the full-text index, which is made anew by them. Gives them back after. */
function withoutTriggers(sqlite: Sqlite.Database): () => void {
  const indexes = sqlite
    .prepare<[], { name: string }>("SELECT name FROM pragma_table_list WHERE type = 'virtual'")
    .all()
    .map(({ name }) => `"${name}"`);
  const others = sqlite
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    .all()
    .filter(({ sql }) => !indexes.some((index) => sql.includes(index)));
  for (const { name } of others) sqlite.exec(`DROP TRIGGER "${name}"`);
  return () => {
    for (const { sql } of others) sqlite.exec(sql);
  };
}

/** Waits until a file is on the disk. */
export function toDisk(file: string): void {
  const open = openSync(file, 'r+');
  fsyncSync(open);
  closeSync(open);
}
