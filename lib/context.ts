import path from 'node:path';
import { EncryptionKeyError, type KeyStore, openKeyStore } from '@/lib/access/key-store';
import type { Actor } from '@/lib/access/policy';
import type { AscFetch } from '@/lib/asc/transport/types';
import { type Clock, systemClock } from '@/lib/clock';
import {
  ConfigError,
  type Env,
  encryptionKeysOnDisk,
  loadEncryptionKey,
  readEnv,
  unusableFolder,
} from '@/lib/env';
import { createLog, type Log } from '@/lib/log';
import { createClients } from '@/lib/services/accounts/clients';
import type { Ctx } from '@/lib/services/ctx';
import { followShift } from '@/lib/services/programme-time';
import { BackupError } from '@/lib/store/backup-error';
import { type Database, type DatabaseOptions, openDatabase } from '@/lib/store/database';
import { MigrationError } from '@/lib/store/migrate';
import { OpenError, shownAddress } from '@/lib/store/postgres-trouble';

/** Everything a process holds for its whole life. */
export interface AppContext {
  readonly env: Env;
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly keys: KeyStore;
  /** How far a simulated programme is ahead of `clock`, ms. */
  readonly shiftMs: () => number;
  /** What one request, job or command works with. */
  ctx(actor: Actor, requestId: string): Ctx;
  close(): Promise<void>;
}

export interface ContextParts {
  readonly env: Env;
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** The 32 bytes that protect the stored keys. */
  readonly encryptionKey: Uint8Array;
  readonly fetch?: AscFetch;
}

/** Puts a context together from its parts. @throws EncryptionKeyError when the key is not this database's */
export async function createContext(parts: ContextParts): Promise<AppContext> {
  const { env, db, clock, log, fetch } = parts;
  const { shiftMs, stop } = await followShift({ env, db, log });
  const keys = await openKeyStore(db, parts.encryptionKey, clock.now(), () => encryptionKeysOnDisk(env));
  const ascFor = createClients({ db, keys, clock, log, fetch });
  return {
    env,
    db,
    clock,
    log,
    keys,
    shiftMs,
    ctx: (actor, requestId) => ({ actor, db, clock, shiftMs, log, env, keys, fetch, requestId, ascFor }),
    close() {
      stop();
      return db.close();
    },
  };
}

/** How long a process that is to stay waits for a database server that is started together with it, ms. */
export const START_MS = 30_000;

/** The worker writes more than it reads, and goes once through everything: less of the file need be at hand, bytes. */
const WORKER_MAPPED_BYTES = 64 * 1024 ** 2;

/**
 * Opens what the environment describes: the store with its migrations applied, the keys, the log.
 * @param options.startMs how long to wait for a database server that is not there yet; not at all by default
 */
export async function openContext(
  role: 'web' | 'worker',
  source: NodeJS.ProcessEnv = process.env,
  { startMs = 0 }: { readonly startMs?: number } = {},
): Promise<AppContext> {
  const env = readEnv(source, role);
  const log = createLog({ level: env.LOG_LEVEL, name: role });
  const db = await openStore(env, log, {
    startMs,
    ...(role === 'worker' ? { mappedBytes: WORKER_MAPPED_BYTES } : {}),
  });
  log.info({ database: shownAddress(env.DATABASE_URL) }, 'The database is open.');
  return createContext({ env, db, clock: systemClock, log, encryptionKey: loadEncryptionKey(env) });
}

async function openStore(
  env: Env,
  log: Log,
  options: Pick<DatabaseOptions, 'startMs' | 'mappedBytes'>,
): Promise<Database> {
  try {
    return await openDatabase({
      url: env.DATABASE_URL,
      migrationsDir: path.resolve('prisma/migrations'),
      backups: path.join(env.DATA_DIR, 'backups'),
      ...options,
      note: (message) => log.info(message),
    });
  } catch (error) {
    const refuse = (problem: string) => new ConfigError([{ variable: 'DATABASE_URL', problem }]);
    if (error instanceof MigrationError)
      throw refuse(
        `names a database that does not fit this version: ${error.message} Start the version that wrote it, or restore a backup.`,
      );
    if (error instanceof BackupError) throw refuse(`names a database of an older version. ${error.message}`);
    if (error instanceof OpenError) throw refuse(error.message);
    if (!env.DATABASE_URL.startsWith('file:')) throw error;
    const file = env.DATABASE_URL.slice('file:'.length);
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'SQLITE_NOTADB') throw refuse(`names a file that is no database: ${file}`);
    if (/^(E[A-Z]+|SQLITE_(CANTOPEN|READONLY|FULL|IOERR).*)$/.test(code)) {
      throw unusableFolder(path.dirname(file), code);
    }
    throw error;
  }
}

/** Why a process cannot start, where the reason is all that whoever runs it needs; else null. */
export function reasonNotToStart(error: unknown): string | null {
  return error instanceof ConfigError || error instanceof EncryptionKeyError ? error.message : null;
}

// Next loads route files in several bundles; the context must still be one per process.
const shared = globalThis as typeof globalThis & { flightdeck?: Promise<AppContext> | undefined };

/**
 * The context of the web process; opened at the first call, and anew when opening failed. Never while a build tries its
 * pages: whoever builds the next version may still run the former one on this database.
 */
export async function appContext(): Promise<AppContext> {
  if (process.env.NEXT_PHASE === 'phase-production-build') throw new Error('A build opens no database.');
  shared.flightdeck ??= openContext('web', process.env, { startMs: START_MS }).catch((error: unknown) => {
    shared.flightdeck = undefined;
    throw error;
  });
  return shared.flightdeck;
}

/** Makes a context the process's own, for tests and for the start of the web process. */
export function setAppContext(context: AppContext | undefined): void {
  shared.flightdeck = context ? Promise.resolve(context) : undefined;
}
