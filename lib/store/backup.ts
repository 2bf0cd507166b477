import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { attempted, BackupError } from './backup-error';
import { type BackupCheck, backupFile, LABEL, label, refuseTaken, sumsOf } from './backup-file';
import { copyRows } from './copy/copy';
import { fileOf, isPostgres, missingAt, openTarget, type ReadTable, readingOf } from './copy/places';
import { postgresSource } from './copy/postgres';
import { appliedTo, sqliteSource, sqliteTarget, toDisk } from './copy/sqlite';
import { blueprintOf, differing, inChunks, rowsOf, type TableSum, tablesOf } from './copy/tables';
import { applyMigrations, readMigrations } from './migrate';

export interface Surroundings {
  readonly now: number;
  readonly migrationsDir: string;
}

/**
 * Copies a database into one file while others go on reading and writing: what was committed when it began. The file
 * is an SQLite database on both engines.
 * @throws BackupError when there is something at the place already, or it cannot be written
 */
export async function backupDatabase(
  url: string,
  to: string,
  { now, migrationsDir }: Surroundings,
): Promise<BackupCheck> {
  if (!isPostgres(url)) return backupFile(fileOf(url), to, now);
  refuseTaken(to);
  const source = await postgresSource(url);
  try {
    const migrations = readMigrations(migrationsDir);
    missingAt(source.applied, migrations);
    const theirs = migrations.filter(({ name }) => source.applied.includes(name));
    return await attempted(to, async () => {
      let tables: readonly TableSum[] = [];
      const target = sqliteTarget(to, theirs, now, (begun) => {
        tables = label(begun, now);
      });
      try {
        await copyRows(source, target, blueprintOf(theirs));
        return { madeAt: now, tables, problems: [] };
      } finally {
        await target.close();
      }
    });
  } finally {
    await source.close();
  }
}

/** Reads a backup from end to end and compares it with what it says of itself. @throws BackupError when it is none */
export function verifyBackup(file: string): Promise<BackupCheck> {
  return withBackup(file, async (sqlite) => {
    const told = sqlite
      .prepare<[], TableSum & { madeAt: number }>(`SELECT "table", "rows", "hash", "madeAt" FROM "${LABEL}"`)
      .all();
    const tables = sumsOf(sqlite);
    const damage = sqlite.pragma('integrity_check', { simple: true });
    const problems = damage === 'ok' ? [] : [`The file is damaged: ${damage}`];
    for (const table of differing(told, tables)) {
      const [before, after] = [told, tables].map((sums) => sums.find((one) => one.table === table));
      problems.push(
        `${table}: ${before?.rows ?? 'no'} rows were written, ${after?.rows ?? 'no'} others are read.`,
      );
    }
    return { madeAt: told[0]?.madeAt ?? 0, tables, problems };
  });
}

/** Looks into small tables of a backup. @throws BackupError when the file is none */
export function inspectBackup<T>(file: string, inspect: (read: ReadTable) => Promise<T>): Promise<T> {
  return withBackup(file, (sqlite) =>
    inspect(readingOf({ chunks: (table) => inChunks(rowsOf(sqlite, table)) }, tablesOf(sqlite))),
  );
}

async function withBackup<T>(file: string, work: (sqlite: Sqlite.Database) => Promise<T>): Promise<T> {
  if (!existsSync(file)) throw new BackupError(`There is no file ${file}.`);
  return attempted(file, async () => {
    const sqlite = new Sqlite(file, { readonly: true });
    try {
      const isLabelled = sqlite.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(LABEL);
      if (!isLabelled) throw new BackupError(`${file} was not made by flightdeck database backup.`);
      return await work(sqlite);
    } finally {
      sqlite.close();
    }
  });
}

/**
 * Puts a backup where no database is.
 * @param surroundings.scratch folder for a copy of an older backup, to which what it lacks is applied first
 * @throws BackupError when there are rows, or the backup is not whole
 */
export async function restoreDatabase(
  backup: string,
  url: string,
  surroundings: Surroundings & { readonly scratch: string },
): Promise<BackupCheck> {
  const check = await verifyBackup(backup);
  if (check.problems.length > 0)
    throw new BackupError(`${backup} is not whole.\n${check.problems.join('\n')}`);
  if (isPostgres(url)) await restoreRows(backup, url, surroundings);
  else await restoreFile(backup, fileOf(url));
  return check;
}

async function restoreFile(backup: string, to: string): Promise<void> {
  const there = [to, `${to}-wal`].find((file) => existsSync(file));
  if (there !== undefined) {
    throw new BackupError(
      `${there} is there already. Stop Flightdeck and move it away, or set DATA_DIR to an empty folder.`,
    );
  }
  await attempted(to, async () => {
    const begun = unlabelled(backup, to);
    toDisk(begun);
    renameSync(begun, to);
  });
}

async function restoreRows(
  backup: string,
  url: string,
  { now, migrationsDir, scratch }: Surroundings & { readonly scratch: string },
): Promise<void> {
  const migrations = readMigrations(migrationsDir);
  const isOld = await withBackup(
    backup,
    async (sqlite) => missingAt(appliedTo(sqlite), migrations).length > 0,
  );
  const file = isOld
    ? await attempted(backup, async () => unlabelled(backup, path.join(scratch, 'restored')))
    : backup;
  try {
    if (isOld) {
      const sqlite = new Sqlite(file);
      applyMigrations(sqlite, migrations, now);
      sqlite.close();
    }
    const blueprint = blueprintOf(migrations);
    const source = sqliteSource(file);
    try {
      const target = await openTarget(url, migrationsDir, blueprint, now);
      await copyRows(source, target, blueprint).finally(() => target.close());
    } finally {
      await source.close();
    }
  } finally {
    if (isOld) rmSync(file, { force: true });
  }
}

/** A copy of a backup without what makes it one, beside the place it is meant for. */
function unlabelled(backup: string, to: string): string {
  const begun = `${to}.begun`;
  mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
  closeSync(openSync(begun, 'w', 0o600));
  copyFileSync(backup, begun);
  const sqlite = new Sqlite(begun);
  sqlite.exec(`DROP TABLE "${LABEL}"`);
  sqlite.close();
  return begun;
}
