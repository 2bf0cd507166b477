import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLease, LEASE_MS, ownerName } from '@/lib/store/lease';
import { birthOf } from '@/lib/store/process-birth';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';

const NOW = 1_000_000;
let db: TestDatabase;
let child: ChildProcess;

beforeEach(async () => {
  db = await testDatabase();
  child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
});
afterEach(async () => {
  child.kill('SIGKILL');
  await db.close();
});

const ownerOf = (pid: number, birth = birthOf(pid) ?? '') => `${hostname()}/${pid}/${birth}/x`;
const take = (holder: string) => acquireLease(db, 'sync:a', holder, NOW);

describe('a lease that has not expired', () => {
  it('stays with a process of this machine that lives', async () => {
    await take(ownerOf(child.pid ?? 0));
    expect(await take(ownerName())).toBeNull();
  });

  it('is taken at once from one that was killed', async () => {
    const holder = ownerOf(child.pid ?? 0);
    await take(holder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await take(ownerName())).toMatchObject({ token: 2 });
  });

  it('is taken at once when its number was given to another process', async () => {
    const [boot, start] = (birthOf(child.pid ?? 0) ?? '').split('.');
    await take(ownerOf(child.pid ?? 0, `${boot}.${Number(start) - 1}`));
    expect(await take(ownerName())).toMatchObject({ token: 2 });
  });

  it('is taken at once after the machine was started anew', async () => {
    const start = (birthOf(child.pid ?? 0) ?? '').split('.')[1];
    await take(ownerOf(child.pid ?? 0, `another-boot.${start}`));
    expect(await take(ownerName())).toMatchObject({ token: 2 });
  });

  it('stays with a living process whose birth an older version did not note', async () => {
    await take(`${hostname()}/${child.pid}/0b9d8f3e-uuid`);
    expect(await take(ownerName())).toBeNull();
  });

  it('stays with a process of another machine until it expires', async () => {
    await take('elsewhere/1/boot.1/x');
    expect(await take(ownerName())).toBeNull();
    expect(await acquireLease(db, 'sync:a', ownerName(), NOW + LEASE_MS + 1)).toMatchObject({ token: 2 });
  });

  it('is not taken by another runner of the same process', async () => {
    await take(ownerName());
    expect(await take(ownerName())).toBeNull();
  });
});

it('a process that was killed and not yet taken note of by its parent is gone', async () => {
  // The shell starts a process and then becomes a program that never asks what became of it.
  const shell = spawn('sh', ['-c', 'sleep 300 & echo $!; exec sleep 300'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [said] = await once(shell.stdout, 'data');
  const pid = Number(String(said));
  expect(birthOf(pid)).toContain('.');
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => birthOf(pid)).toBeNull();
  shell.kill('SIGKILL');
});
