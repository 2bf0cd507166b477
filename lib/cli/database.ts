import path from 'node:path';
import { type Env, encryptionKeyFile, loadEncryptionKey, readEnv } from '@/lib/env';
import { archiveFolder } from '@/lib/services/feedback/archive';
import { storedKeys } from '@/lib/services/stored-keys';
import { backupDatabase, inspectBackup, restoreDatabase, verifyBackup } from '@/lib/store/backup';
import { BackupError } from '@/lib/store/backup-error';
import type { BackupCheck } from '@/lib/store/backup-file';
import { copyDatabase } from '@/lib/store/copy/move';
import { placeOf, type ReadTable } from '@/lib/store/copy/places';

type Source = NodeJS.ProcessEnv;

const MIGRATIONS = 'prisma/migrations';
const surroundings = (env: Env, now: number) => ({
  now,
  migrationsDir: path.resolve(MIGRATIONS),
  scratch: env.DATA_DIR,
});

/** Copies the database into a file while everything runs. */
export async function backupCommand(source: Source, to: string, now = Date.now()): Promise<number> {
  const env = readEnv(source, 'worker');
  const file = path.resolve(to);
  const check = await backupDatabase(env.DATABASE_URL, file, surroundings(env, now));
  say(`${told(check)}
The backup is in ${file}. The encryption key is not in it, so that nobody who gets hold of the backup can open the App Store Connect keys: keep ${keyOf(env)} too, in another place. The pictures of feedback are not in it either: copy ${archiveFolder(env)} afterwards, or keep the bucket.`);
  return 0;
}

/** Reads a backup from end to end; exit code 1 when it is not whole or the keys in it cannot be opened. */
export async function verifyCommand(source: Source, file: string): Promise<number> {
  const check = await verifyBackup(file);
  const key = loadEncryptionKey(readEnv(source, 'worker'));
  const keys = await inspectBackup(file, (read) => keyProblems(read, key, 'this backup was made under'));
  const problems = [...check.problems, ...keys.problems];
  say(told(check));
  say(
    problems.length > 0
      ? problems.join('\n')
      : `The backup is whole, and the encryption key of this installation opens the ${keys.stored} App Store Connect keys${keys.secrets > 0 ? ` and the ${keys.secrets} other secrets` : ''} in it.`,
  );
  return problems.length > 0 ? 1 : 0;
}

/** Puts a backup where no database is. */
export async function restoreCommand(source: Source, file: string, now = Date.now()): Promise<number> {
  const env = readEnv(source, 'worker');
  const check = await restoreDatabase(file, env.DATABASE_URL, surroundings(env, now));
  say(`${told(check)}
Restored to ${placeOf(env.DATABASE_URL)}. Start Flightdeck with the encryption key of that time: it is not in the backup. Nor are the pictures of feedback: put the folder archive of that time into ${env.DATA_DIR}, then run: npm run flightdeck -- archive verify`);
  return 0;
}

/** Copies a stopped installation to an empty place on either engine. */
export async function copyCommand(source: Source, to: string, now = Date.now()): Promise<number> {
  const env = readEnv(source, 'worker');
  const key = loadEncryptionKey(env);
  let stored = 0;
  const { tables, wasThere, since } = await copyDatabase({
    ...surroundings(env, now),
    from: env.DATABASE_URL,
    to,
    async inspect(read) {
      const keys = await keyProblems(read, key, 'this database was written with');
      if (keys.problems.length > 0) throw new BackupError(`${keys.problems.join('\n')}\nNothing was copied.`);
      stored = keys.stored;
    },
  });
  const done = wasThere ? 'was copied before: both hold the same' : 'is copied, and both hold the same';
  const late = since.length === 0 ? '' : `\nWritten meanwhile, and not in the copy: ${since.join(', ')}.`;
  say(`${listed(tables)}
${placeOf(env.DATABASE_URL)} ${done}. The encryption key of this installation opens the ${stored} App Store Connect keys in ${placeOf(to)}; it is not in it, so keep ${keyOf(env)}.${late}
Now set DATABASE_URL to the new place, start Flightdeck there, and never start it on the former place again.`);
  return 0;
}

async function keyProblems(
  read: ReadTable,
  key: Uint8Array,
  what: string,
): Promise<{ stored: number; secrets: number; problems: string[] }> {
  const { isRightKey, stored, opened, secrets } = await storedKeys(read, key);
  const counts = { stored, secrets: secrets.stored };
  if (!isRightKey) {
    return { ...counts, problems: [`The encryption key of this installation is not the one ${what}.`] };
  }
  const problems = [
    ...(opened < stored
      ? [`${stored - opened} of ${stored} stored App Store Connect keys cannot be opened.`]
      : []),
    ...(secrets.opened < secrets.stored
      ? [
          `${secrets.stored - secrets.opened} of ${secrets.stored} other secrets (of connectors) cannot be opened.`,
        ]
      : []),
  ];
  return { ...counts, problems };
}

function keyOf(env: Env): string {
  return encryptionKeyFile(env) ?? 'the value of ENCRYPTION_KEY';
}

const told = ({ madeAt, tables }: BackupCheck) =>
  `Made at ${new Date(madeAt).toISOString()}\n${listed(tables)}`;

function listed(tables: BackupCheck['tables']): string {
  const width = Math.max(...tables.map(({ table }) => table.length));
  return tables
    .map(
      ({ table, rows, hash }) =>
        `${table.padEnd(width)}  ${String(rows).padStart(9)} rows  ${hash.slice(0, 16)}`,
    )
    .join('\n');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
