import path from 'node:path';
import { encryptionKeyFile, loadEncryptionKey, readEnv } from '@/lib/env';
import { storedKeys } from '@/lib/services/stored-keys';
import {
  type BackupCheck,
  backupDatabase,
  restoreDatabase,
  verifyBackup,
  withBackup,
} from '@/lib/store/backup';

type Source = NodeJS.ProcessEnv;

/** Copies the database into a file while everything runs. */
export function backupCommand(source: Source, to: string, now = Date.now()): number {
  const env = readEnv(source, 'worker');
  const check = backupDatabase(fileOf(env.DATABASE_URL), path.resolve(to), now);
  const keyFile = encryptionKeyFile(env);
  const key = keyFile === null ? 'the value of ENCRYPTION_KEY' : keyFile;
  say(`${listed(check)}
The backup is in ${path.resolve(to)}. The encryption key is not in it, so that nobody who gets hold of the backup can open the App Store Connect keys: keep ${key} too, in another place.`);
  return 0;
}

/** Reads a backup from end to end; exit code 1 when it is not whole or the keys in it cannot be opened. */
export function verifyCommand(source: Source, file: string): number {
  const check = verifyBackup(file);
  const key = loadEncryptionKey(readEnv(source, 'worker'));
  const keys = withBackup(file, (sqlite) =>
    storedKeys((sql, params = []) => sqlite.prepare<unknown[]>(sql).all(...params), key),
  );
  const problems = [...check.problems];
  if (!keys.isRightKey) {
    problems.push('The encryption key of this installation is not the one this backup was made under.');
  } else if (keys.opened < keys.stored) {
    problems.push(
      `${keys.stored - keys.opened} of ${keys.stored} stored App Store Connect keys cannot be opened.`,
    );
  }
  say(listed(check));
  say(
    problems.length > 0
      ? problems.join('\n')
      : `The backup is whole, and the encryption key of this installation opens the ${keys.stored} App Store Connect keys in it.`,
  );
  return problems.length > 0 ? 1 : 0;
}

/** Puts a backup where no database is. */
export function restoreCommand(source: Source, file: string): number {
  const env = readEnv(source, 'worker');
  const to = fileOf(env.DATABASE_URL);
  const check = restoreDatabase(file, to);
  say(`${listed(check)}
Restored to ${to}. Start Flightdeck with the encryption key of that time: it is not in the backup.`);
  return 0;
}

const fileOf = (url: string) => url.slice('file:'.length);

function listed({ madeAt, tables }: BackupCheck): string {
  const width = Math.max(...tables.map(({ table }) => table.length));
  const lines = tables.map(
    ({ table, rows, hash }) =>
      `${table.padEnd(width)}  ${String(rows).padStart(9)} rows  ${hash.slice(0, 16)}`,
  );
  return [`Made at ${new Date(madeAt).toISOString()}`, ...lines].join('\n');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
