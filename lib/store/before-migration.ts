import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { BackupError } from './backup-error';
import { backupFile } from './backup-file';

/** How many backups that were made by themselves are kept. */
const KEPT = 3;

export interface BeforeMigration {
  /** Where such backups are kept. */
  readonly folder: string;
  /** Name of the newest migration that is to come. */
  readonly newest: string;
  readonly now: number;
  /** Told in a sentence where the backup is. */
  readonly note: (message: string) => void;
}

/** Backs an SQLite database up before it is changed. @throws BackupError when that cannot be: it must stay as it is then */
export function backupFileBefore(file: string, before: BeforeMigration): void {
  const to = fileFor(before);
  try {
    backupFile(file, to, before.now);
  } catch (error) {
    throw refusal(error, before);
  }
  tidy(to, before);
}

/** The same for another engine: `make` writes the backup to a file of this machine. @throws BackupError */
export async function backupBefore(
  before: BeforeMigration,
  make: (to: string) => Promise<unknown>,
): Promise<void> {
  const to = fileFor(before);
  try {
    await make(to);
  } catch (error) {
    throw refusal(error, before);
  }
  tidy(to, before);
}

function fileFor({ folder, newest, now }: BeforeMigration): string {
  const instant = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  return path.join(folder, `before-${newest}-${instant}.db`);
}

function refusal(error: unknown, { folder }: BeforeMigration): unknown {
  if (!(error instanceof BackupError)) return error;
  return new BackupError(
    `This version changes the database and backs it up before, which failed: ${error.message} ` +
      `Nothing was changed. Mend that in ${folder} and start again, or start the former version.`,
    { cause: error },
  );
}

/** Says where the backup is, and lets go of the oldest; those that people made have other names or places. */
function tidy(to: string, { folder, note }: BeforeMigration): void {
  note(`The database was backed up to ${to} before it was changed for this version.`);
  const made = readdirSync(folder)
    .filter((name) => /^before-.*-(\d{8}T\d{6}Z)\.db$/.test(name))
    .sort((a, b) => instantOf(b).localeCompare(instantOf(a)));
  for (const name of made.slice(KEPT)) rmSync(path.join(folder, name), { force: true });
}

const instantOf = (name: string) => name.slice(-'20260101T000000Z.db'.length);
