import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { codeOf } from './errors';

/** What a table holds: how many rows, and a hash over all of them in the order of their key. */
export interface TableSum {
  readonly table: string;
  readonly rows: number;
  readonly hash: string;
}

export interface BackupCheck {
  /** ms since 1970 */
  readonly madeAt: number;
  readonly tables: readonly TableSum[];
  /** What is not as it was when the backup was made, in sentences; empty when it is whole. */
  readonly problems: readonly string[];
}

/** The file cannot be read, written or used for this; the message says why and what to do. */
export class BackupError extends Error {
  override name = 'BackupError';
}

/** What a backup says of itself; not part of a database. */
const LABEL = 'flightdeckBackup';

/**
 * Copies a database into one file while others go on reading and writing: what was committed when it began.
 * @throws BackupError when there is something at the place already, or it cannot be written
 */
export function backupDatabase(file: string, to: string, now: number): BackupCheck {
  if (!existsSync(file)) throw new BackupError(`There is no database at ${file}.`);
  if (existsSync(to)) throw new BackupError(`${to} is there already. Name a file that is not.`);
  const begun = `${to}.begun`;
  return attempted(to, () => {
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
  });
}

/** Reads a backup from end to end and compares it with what it says of itself. @throws BackupError when it is none */
export function verifyBackup(file: string): BackupCheck {
  return withBackup(file, (sqlite) => {
    const told = sqlite
      .prepare<[], TableSum & { madeAt: number }>(`SELECT "table", "rows", "hash", "madeAt" FROM "${LABEL}"`)
      .all();
    const tables = sumsOf(sqlite);
    const damage = sqlite.pragma('integrity_check', { simple: true });
    const problems = damage === 'ok' ? [] : [`The file is damaged: ${damage}`];
    for (const table of new Set([...told, ...tables].map((one) => one.table))) {
      const [before, after] = [told, tables].map((sums) => sums.find((one) => one.table === table));
      if (before?.hash === after?.hash) continue;
      problems.push(
        `${table}: ${before?.rows ?? 'no'} rows were written, ${after?.rows ?? 'no'} others are read.`,
      );
    }
    return { madeAt: told[0]?.madeAt ?? 0, tables, problems };
  });
}

/** Asks a backup something. @throws BackupError when the file is none */
export function withBackup<T>(file: string, work: (sqlite: Sqlite.Database) => T): T {
  if (!existsSync(file)) throw new BackupError(`There is no file ${file}.`);
  return attempted(file, () => {
    const sqlite = new Sqlite(file, { readonly: true });
    try {
      const isLabelled = sqlite.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(LABEL);
      if (!isLabelled) throw new BackupError(`${file} was not made by flightdeck database backup.`);
      return work(sqlite);
    } finally {
      sqlite.close();
    }
  });
}

/** Puts a backup where no database is. @throws BackupError when one is there, or the backup is not whole */
export function restoreDatabase(backup: string, to: string): BackupCheck {
  const check = verifyBackup(backup);
  if (check.problems.length > 0)
    throw new BackupError(`${backup} is not whole.\n${check.problems.join('\n')}`);
  const there = [to, `${to}-wal`].find((file) => existsSync(file));
  if (there !== undefined) {
    throw new BackupError(
      `${there} is there already. Stop Flightdeck and move it away, or set DATA_DIR to an empty folder.`,
    );
  }
  const begun = `${to}.begun`;
  return attempted(to, () => {
    mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
    closeSync(openSync(begun, 'w', 0o600));
    copyFileSync(backup, begun);
    const sqlite = new Sqlite(begun);
    sqlite.exec(`DROP TABLE "${LABEL}"`);
    sqlite.close();
    toDisk(begun);
    renameSync(begun, to);
    return check;
  });
}

/** Notes in a copy what it holds. */
function label(file: string, now: number): TableSum[] {
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

/** What each table holds, without the full-text index, which follows from the testers. */
function sumsOf(sqlite: Sqlite.Database): TableSum[] {
  const tables = sqlite
    .prepare<[], { name: string }>(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
       AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '${LABEL}' ORDER BY name`,
    )
    .all();
  return tables.map(({ name }) => {
    const columns = sqlite
      .prepare<[string], { name: string; pk: number }>(
        'SELECT name, pk FROM pragma_table_info(?) ORDER BY name',
      )
      .all(name);
    const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    const list = (of: readonly { name: string }[]) => of.map((column) => `"${column.name}"`).join(', ');
    const hash = createHash('sha256').update(list(columns));
    let rows = 0;
    const all = sqlite
      .prepare(`SELECT ${list(columns)} FROM "${name}" ORDER BY ${list(key) || 'rowid'}`)
      .raw();
    for (const row of all.iterate() as IterableIterator<unknown[]>) {
      hash.update(
        JSON.stringify(row.map((value) => (Buffer.isBuffer(value) ? value.toString('base64') : value))),
      );
      rows += 1;
    }
    return { table: name, rows, hash: hash.digest('hex') };
  });
}

/** Whatever the disk or SQLite refuses is said with the name of the file. */
function attempted<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'SQLITE_NOTADB') throw new BackupError(`${file} is not a database.`, { cause: error });
    if (code.startsWith('SQLITE_CORRUPT')) throw new BackupError(`${file} is damaged.`, { cause: error });
    if (code === 'ENOSPC' || code === 'SQLITE_FULL') {
      throw new BackupError(`The disk is full: ${file} was not written.`, { cause: error });
    }
    if (/^(E[A-Z]+|SQLITE_(CANTOPEN|READONLY|IOERR).*)$/.test(code)) {
      throw new BackupError(`${file} cannot be used (${code}).`, { cause: error });
    }
    throw error;
  }
}

function toDisk(file: string): void {
  const open = openSync(file, 'r+');
  fsyncSync(open);
  closeSync(open);
}
