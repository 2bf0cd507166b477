import { spawn } from 'node:child_process';
import { once } from 'node:events';

const SCRIPT = `
const [file, ms] = process.argv.slice(1);
const sqlite = new (require('better-sqlite3'))(file);
sqlite.exec('BEGIN IMMEDIATE');
process.stdout.write('locked\\n');
setTimeout(() => sqlite.exec('ROLLBACK'), Number(ms));
`;

/** Another process that holds the write lock of a database for so many ms; `released` resolves when it is gone. */
export async function holdWriteLock(file: string, ms: number): Promise<{ released: Promise<unknown> }> {
  const child = spawn(process.execPath, ['-e', SCRIPT, file, String(ms)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const released = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    released.then(([code]) => Promise.reject(new Error(`The lock was not to be had: ${code}`))),
  ]);
  return { released };
}
