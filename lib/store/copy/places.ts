import path from 'node:path';
import { BackupError } from '../backup-error';
import {
  type Migration,
  MigrationError,
  missingNames,
  readMigrations,
  readPostgresMigrations,
} from '../migrate';
import { migratePostgres } from '../postgres-migrate';
import { shownAddress } from '../postgres-trouble';
import { postgresApplied, postgresSource, postgresTarget, saying } from './postgres';
import type { Source, Target } from './sides';
import { sqliteSource, sqliteTarget } from './sqlite';
import type { Blueprint, Cell, Table } from './tables';

export const isPostgres = (url: string) => /^postgres(ql)?:/.test(url);

/** The file of a `file:` address. */
export const fileOf = (url: string) => path.resolve(url.slice('file:'.length));

/** A database's address for people, without its password. */
export const placeOf = (url: string) => (isPostgres(url) ? shownAddress(url) : fileOf(url));

/** A moment of the database at an address. @throws BackupError when there is none */
export async function openSource(url: string): Promise<Source> {
  return isPostgres(url) ? postgresSource(url) : sqliteSource(fileOf(url));
}

/** Names of the migrations a database lacks. @throws BackupError when it is of a newer version */
export function missingAt(applied: readonly string[], migrations: readonly Migration[]): string[] {
  try {
    return missingNames(applied, migrations);
  } catch (error) {
    throw error instanceof MigrationError ? new BackupError(error.message, { cause: error }) : error;
  }
}

/** An empty place with the schema of this program. @throws BackupError when it cannot be one */
export async function openTarget(
  url: string,
  migrationsDir: string,
  { tables }: Blueprint,
  now: number,
): Promise<Target> {
  if (!isPostgres(url)) return sqliteTarget(fileOf(url), readMigrations(migrationsDir), now);
  const migrations = readPostgresMigrations(migrationsDir);
  const applied = await postgresApplied(url);
  // Whatever has rows keeps the schema it has.
  if (applied.length > 0 && missingAt(applied, readMigrations(migrationsDir)).length > 0) {
    throw new BackupError(
      `${shownAddress(url)} belongs to another version of Flightdeck. Name an empty database.`,
    );
  }
  await saying(url, () => migratePostgres(url, migrations)).catch((error: unknown) => {
    throw error instanceof MigrationError ? new BackupError(error.message, { cause: error }) : error;
  });
  return postgresTarget(url, tables);
}

/** Reads a small table whole, its rows under the names of their columns. */
export type ReadTable = (name: string) => Promise<Readonly<Record<string, Cell>>[]>;

/** Small tables of one side. */
export function readingOf(side: Pick<Source, 'chunks'>, tables: readonly Table[]): ReadTable {
  return async (name) => {
    const found: Record<string, Cell>[] = [];
    const table = tables.find((one) => one.name === name);
    if (!table) return found;
    for await (const rows of side.chunks(table)) {
      for (const row of rows) {
        found.push(Object.fromEntries(table.columns.map((column, at) => [column.name, row[at] ?? null])));
      }
    }
    return found;
  };
}
