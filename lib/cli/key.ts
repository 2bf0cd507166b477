import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type AppContext, openContext } from '@/lib/context';
import { ConfigError, encryptionKeyFile, loadEncryptionKey, parseEncryptionKey, readEnv } from '@/lib/env';
import { rotateEncryptionKey } from '@/lib/services/rotate-key';
import { isWrongKey, shellCtx } from './shell';

type Source = NodeJS.ProcessEnv;

const TAKEN_UP = 'Processes that run take it up by themselves.';

/** Puts the stored App Store Connect keys under a new encryption key; gives the exit code. */
export async function rotateKeyCommand(source: Source): Promise<number> {
  const env = readEnv(source, 'worker');
  const file = encryptionKeyFile(env);
  const from = loadEncryptionKey(env);
  return file === null ? rotateVariable(source, from) : rotateFile(source, from, file);
}

/** The operator keeps the key, so the operator brings the new one; never as an argument, which others could see. */
async function rotateVariable(source: Source, from: Uint8Array): Promise<number> {
  if (!source.NEW_ENCRYPTION_KEY) {
    const problem =
      'is missing. The key stands in ENCRYPTION_KEY, so set NEW_ENCRYPTION_KEY to the new one (openssl rand -base64 32).';
    throw new ConfigError([{ variable: 'NEW_ENCRYPTION_KEY', problem }]);
  }
  const to = parseEncryptionKey(source.NEW_ENCRYPTION_KEY, 'NEW_ENCRYPTION_KEY');
  const accounts = await rotate(source, from, to);
  say(
    `${told(accounts)} Set ENCRYPTION_KEY to it and start Flightdeck again; until then running processes go on with the keys they have opened and refuse to store others.`,
  );
  return 0;
}

/**
 * The new key is on disk before the database depends on it and takes the old one's place afterwards, so a crash at
 * any point leaves both keys there and the next run finishes.
 */
async function rotateFile(source: Source, from: Uint8Array, file: string): Promise<number> {
  const next = `${file}.next`;
  if (existsSync(next)) {
    if (await isOpenedBy(source, next)) {
      renameSync(next, file);
      say(`An earlier rotation was broken off and is complete now. ${TAKEN_UP}`);
      return 0;
    }
    rmSync(next);
  }
  const to = randomBytes(32);
  writeFileSync(next, `${to.toString('base64')}\n`, { mode: 0o600, flush: true, flag: 'wx' });
  const accounts = await rotate(source, from, to);
  renameSync(next, file);
  say(`${told(accounts)} The new key is in ${file}. ${TAKEN_UP}`);
  return 0;
}

async function rotate(source: Source, from: Uint8Array, to: Uint8Array): Promise<number> {
  const context = await openContext('worker', source);
  try {
    return await rotateEncryptionKey(shellCtx(context), from, to);
  } finally {
    await context.close();
  }
}

async function isOpenedBy(source: Source, file: string): Promise<boolean> {
  let context: AppContext;
  try {
    context = await openContext('worker', { ...source, ENCRYPTION_KEY_FILE: file });
  } catch (error) {
    if (isWrongKey(error)) return false;
    throw error;
  }
  await context.close();
  return true;
}

function told(accounts: number): string {
  return `${accounts} stored ${accounts === 1 ? 'key is' : 'keys are'} under a new encryption key.`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
