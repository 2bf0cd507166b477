import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { testDatabase } from '@/tests/factories/database';
import { testPostgres } from '@/tests/factories/stores';
import { bundleEntry } from '@/tests/factories/worker-process';

const ENGINES = [
  ['SQLite', () => testDatabase()],
  ['PostgreSQL', () => testPostgres()],
] as const;

let program: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  program = await bundleEntry('tests/factories/lease-holder.ts', 'lease-holder');
});
afterAll(() => rmSync(program, { force: true }));
afterEach(async () => {
  for (const child of children.splice(0)) await killed(child);
});

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** A process that asks for the lease; `hears` waits until it has said something. */
function asking(url: string) {
  const child = spawn(process.execPath, [program, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const hears = (words: RegExp) => expect.poll(() => said, { timeout: 30_000 }).toMatch(words);
  return { child, hears, said: () => said };
}

it.each(ENGINES)(
  'of two processes on one %s the second gets the lease when the first is killed',
  async (_, open) => {
    const { url, close } = await open();
    const holder = asking(url);
    await holder.hears(/^token 1$/m);
    const other = asking(url);
    await other.hears(/^refused$/m);
    expect(other.said()).not.toContain('token');
    await killed(holder.child);
    await other.hears(/^token 2$/m);
    await killed(other.child);
    await close();
  },
);
