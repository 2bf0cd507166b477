import { spawn } from 'node:child_process';
import { once } from 'node:events';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { ENGINE, type TestDatabase, tableNames } from './database';

const SCRIPT = `
const [file, ms] = process.argv.slice(1);
const sqlite = new (require('better-sqlite3'))(file);
sqlite.exec('BEGIN IMMEDIATE');
process.stdout.write('locked\\n');
setTimeout(() => sqlite.exec('ROLLBACK'), Number(ms));
`;

/** Somebody else who keeps all others from writing for so many ms; `released` resolves when it is over. */
export async function holdWriteLock(db: TestDatabase, ms: number): Promise<{ released: Promise<unknown> }> {
  if (ENGINE === 'postgres') {
    const session = await lockingSession(db);
    // The server counts the time, whatever this process does meanwhile.
    const slept = session.query(`SELECT pg_sleep(${ms / 1000})`);
    return { released: slept.finally(() => session.end()) };
  }
  const child = spawn(process.execPath, ['-e', SCRIPT, db.file, String(ms)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const released = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    released.then(([code]) => Promise.reject(new Error(`The lock was not to be had: ${code}`))),
  ]);
  return { released };
}

/** The same until it is released by what this gives. */
export async function lockWrites(db: TestDatabase): Promise<() => Promise<void>> {
  if (ENGINE === 'postgres') {
    const session = await lockingSession(db);
    return () => session.end();
  }
  const sqlite = new Sqlite(db.file);
  sqlite.exec('BEGIN IMMEDIATE');
  return async () => {
    sqlite.exec('COMMIT');
    sqlite.close();
  };
}

/** A session in whose transaction nobody else may write to any table, and all may read. */
async function lockingSession(db: TestDatabase): Promise<pg.Client> {
  const session = new pg.Client({ connectionString: db.url });
  await session.connect();
  const tables = (await tableNames(db)).map((name) => `"${name}"`).join(', ');
  await session.query(`BEGIN; LOCK TABLE ${tables} IN EXCLUSIVE MODE`);
  return session;
}
