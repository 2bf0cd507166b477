import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runJobs } from '@/lib/jobs/loop';
import { refuseUpload } from '@/lib/sandbox/life/failed-uploads';
import { appOf } from '@/lib/services/app-facts';
import { jobRunner } from '@/lib/services/jobs/runner';
import { findBuild } from '@/lib/services/ship/find-build';
import { ACCOUNT, type PeopleBench, peopleBench } from '@/tests/factories/people-bench';
import { freshBuild, journal, makeReady } from '@/tests/factories/shipping';
import { bundleEntry } from '@/tests/factories/worker-process';

let program: string;
let bench: PeopleBench;
const stop = new AbortController();
let worker: Promise<void>;
beforeAll(async () => {
  program = await bundleEntry('lib/cli/main.ts', 'flightdeck-ship');
  bench = await peopleBench({ seed: 4 });
  await bench.mirror();
  makeReady(bench);
  worker = runJobs(jobRunner(bench.app, { callLimitMs: 300 }), stop.signal, { pollMs: 50 });
});
afterAll(async () => {
  stop.abort();
  await worker;
  await bench.close();
  rmSync(program, { force: true });
});

async function ship(...args: string[]) {
  const child = spawn(process.execPath, [program, 'ship', '--app', bench.appId, ...args], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATABASE_URL: bench.db.url,
      DATA_DIR: bench.db.folder,
      ASC_BASE_URL: bench.sandbox.baseUrl,
      ENCRYPTION_KEY: Buffer.from(bench.encryptionKey).toString('base64'),
    },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...said };
}

/** Two groups of one name. */
async function addTwins(): Promise<void> {
  const copy = `INSERT INTO betaGroups (accountId, id, appId, name, isInternalGroup, document, generation, fetchedAt)
    VALUES (?, ?, ?, ?, 0, '{}', 0, 0) ON CONFLICT DO NOTHING`;
  for (const id of ['twin-1', 'twin-2'])
    await bench.db.write([{ sql: copy, params: [ACCOUNT, id, bench.appId, 'Twins'] }]);
}

it('ends with 0 only when the build is shipped, with each step told', async () => {
  const build = freshBuild(bench, { usesNonExemptEncryption: false });
  build.process();
  const notes = path.join(bench.db.folder, 'notes.txt');
  writeFileSync(notes, 'Try the map.\n');
  const args = ['--build', build.words, '--group', bench.groupId, '--notes', notes, '--notify', 'none'];
  const before = journal(bench).length;
  const plan = await ship(...args, '--dry-run');
  expect([plan.code, plan.err]).toEqual([0, '']);
  expect(plan.out).toMatch(/^planned {2}Write What to Test in .*English: Would .* Nobody is mailed\.$/m);
  expect(journal(bench).length).toBe(before);
  const staged = ['--then', 'Twins', '--crash-free', '99.5', '--for', '2', '--sessions', '20', '--dry-run'];
  await addTwins();
  const second = await ship(...args, ...staged.map((word) => (word === 'Twins' ? 'twin-1' : word)));
  expect(second.out).toMatch(
    /^planned {2}Wait until 99\.5% of the new sessions are crash-free for 2 hours, 20 /m,
  );

  const shipped = await ship(...args, '--json');
  const job = JSON.parse(shipped.out) as { status: string; steps: { status: string }[] };
  expect([shipped.code, job.status]).toEqual([0, 'done']);
  expect(job.steps.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done', 'done']);
  expect(shipped.err).toMatch(/^http.*\/jobs\/[\w-]+$/m);
  expect(shipped.err).toMatch(/^done {5}Switch automatic notification off$/m);
  expect(shipped.err).toMatch(/Shipped\.\n$/);

  const unanswered = freshBuild(bench);
  unanswered.process();
  const stopped = await ship('--build', unanswered.id, '--group', bench.groupId);
  expect(stopped.code).toBe(1);
  expect(stopped.out).toMatch(/^stopped {2}Wait until the build can be given to testers: .*Answer it/m);
});

it('ends with 1 and what Apple found when the upload is refused while it is waited for', async () => {
  const { world } = bench.sandbox.parts();
  const app = world.store.get('apps', bench.appId);
  if (!app) throw new Error('the app is there');
  const given = { version: '9.9', number: '77', errors: [{ code: '90683', description: 'No purpose.' }] };
  const waiting = ship('--build', '9.9/77', '--group', bench.groupId, '--timeout', '1');
  // It has looked once and found nothing; then the upload arrives and is refused.
  const asked = () =>
    bench.sandbox
      .parts()
      .requests.entries()
      .filter(({ template }) => template === '/v1/apps/{id}/buildUploads').length;
  const before = asked();
  await expect.poll(asked, { timeout: 20_000 }).toBeGreaterThan(before);
  const upload = refuseUpload(world, app, given);
  const { code, out } = await waiting;
  expect(code).toBe(1);
  expect(out).toMatch(/^waits {4}App Store Connect has no such build/m);
  expect(out).toMatch(
    /^stopped {2}App Store Connect has refused the upload of 9\.9 \(77\)\. .*No purpose\. \(90683\)/m,
  );
  // A newer try of the same number is waited for again.
  world.store.update(upload, { createdDate: '2020-01-01T00:00:00Z' });
  const again = refuseUpload(world, app, given);
  world.store.update(again, { state: { state: 'PROCESSING' } });
  await expect(findBuild(bench.ctx, await appOf(bench.ctx, bench.appId), '9.9/77')).rejects.toMatchObject({
    status: 404,
  });
});

it('ends with 2 and the ids where a name fits several, and for what is no order', async () => {
  const build = freshBuild(bench);
  await addTwins();
  const ambiguous = await ship('--build', build.id, '--group', 'Twins');
  expect(ambiguous.code).toBe(2);
  expect(ambiguous.err).toMatch(/twin-1 \(external\), twin-2 \(external\)/);
  expect((await ship('--build', build.id, '--notify', 'soon')).code).toBe(2);
  const bare = await ship('--build', build.id, '--then', 'Twins', '--crash-free', '99');
  expect([bare.code, bare.err]).toEqual([
    2,
    expect.stringMatching(/needs --crash-free .* --for .* --sessions/),
  ]);
  expect((await ship('--build', build.id, '--for', '2')).err).toMatch(/say which group with --then/);
});
