import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { BackupError, said } from './backup-error';
import { toDisk } from './copy/sqlite';
import { sumOf, type TableSum, tablesOf } from './copy/tables';

export interface BackupCheck {
  /** ms since 1970 */
  readonly madeAt: number;
  readonly tables: readonly TableSum[];
  /** What is not as it was when the backup was made, in sentences; empty when it is whole. */
  readonly problems: readonly string[];
}

/** What a backup says of itself; not part of a database. */
export const LABEL = 'flightdeckBackup';

/**
 * Copies an SQLite database into one file while others go on reading and writing: what was committed when it began.
 * @throws BackupError when there is something at the place already, or it cannot be written
 */
export function backupFile(file: string, to: string, now: number): BackupCheck {
  if (!existsSync(file)) throw new BackupError(`There is no database at ${file}.`);
  refuseTaken(to);
  const begun = `${to}.begun`;
  try {
    mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
    rmSync(begun, { force: true });
    // Nobody else may read it, from its first byte on.
    closeSync(openSync(begun, 'wx', 0o600));
    try {
      const source = new Sqlite(file, { timeout: 30_000 });
      try {
        // One read transaction: a copy page by page would begin anew at each write of another process.
        source.prepare('VACUUM INTO ?').run(begun);
      } finally {
        source.close();
      }
      const tables = label(begun, now);
      toDisk(begun);
      renameSync(begun, to);
      return { madeAt: now, tables, problems: [] };
    } finally {
      for (const rest of [begun, `${begun}-journal`]) rmSync(rest, { force: true });
    }
  } catch (error) {
    throw said(error, to);
  }
}

/** @throws BackupError when something is at a place already */
export function refuseTaken(to: string): void {
  if (existsSync(to)) throw new BackupError(`${to} is there already. Name a file that is not.`);
}

/** Notes in a copy what it holds. */
export function label(file: string, now: number): TableSum[] {
  const sqlite = new Sqlite(file);
  try {
    sqlite.pragma('journal_mode = DELETE');
    const tables = sumsOf(sqlite);
    sqlite.exec(
      `CREATE TABLE "${LABEL}" ("table" TEXT PRIMARY KEY, "rows" INTEGER, "hash" TEXT, "madeAt" INTEGER)`,
    );
    const note = sqlite.prepare(`INSERT INTO "${LABEL}" VALUES (?, ?, ?, ?)`);
    for (const { table, rows, hash } of tables) note.run(table, rows, hash, now);
    return tables;
  } finally {
    sqlite.close();
  }
}

/** What each table of a backup holds. */
export const sumsOf = (sqlite: Sqlite.Database) =>
  tablesOf(sqlite)
    .filter(({ name }) => name !== LABEL)
    .map((table) => sumOf(sqlite, table));
