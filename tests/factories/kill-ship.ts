import { expect } from 'vitest';
import { readItems, readJob } from '@/lib/jobs/rows';
import { newJobBody, startJob } from '@/lib/services/jobs/start';
import { releaseJob } from '@/lib/services/ship/release';
import type { PeopleBench } from './people-bench';
import { approve, freshBuild, journal, makeReady } from './shipping';
import { startJobWorker } from './worker-process';

/** Every write of a ship in two stages, in its order. */
const WRITES = [
  ['PATCH', '/v1/buildBetaDetails/{id}'],
  ['PATCH', '/v1/builds/{id}'],
  ['POST', '/v1/betaBuildLocalizations'],
  ['POST', '/v1/betaGroups/{id}/relationships/builds'],
  ['POST', '/v1/betaAppReviewSubmissions'],
  ['POST', '/v1/buildBetaNotifications'],
  ['PATCH', '/v1/buildBetaDetails/{id}'],
  ['POST', '/v1/betaGroups/{id}/relationships/builds'],
] as const;
/** The first write of the second stage. */
const SECOND = 6;

/**
 * R31: ships a build and kills the worker with SIGKILL at each write, after the request arrived and before its answer.
 * Then each write must have been carried out once, everybody mailed once, and everything uncertain settled.
 */
export async function shipUnderKills(bench: PeopleBench, worker: string): Promise<void> {
  const { faults, world } = bench.sandbox.parts();
  await bench.mirror();
  makeReady(bench);
  const build = freshBuild(bench);
  build.process();
  world.mail.reset();
  const second = [...world.store.all('betaGroups').values()].find(
    ({ id, appId, attributes }) =>
      id !== bench.groupId && appId === bench.appId && attributes.isInternalGroup !== true,
  )?.id;
  const from = journal(bench).length;
  const { id } = await startJob(
    bench.ctx,
    newJobBody.parse({
      kind: 'ship',
      appId: bench.appId,
      input: {
        build: build.id,
        groups: [bench.groupId],
        notes: { 'en-US': 'Try the map.' },
        compliance: { usesNonExemptEncryption: false },
        submit: true,
        notify: '2020-01-01T09:00Z',
        staged: { groups: [second], crashFree: 99, hours: 1, sessions: 1 },
      },
    }),
  );
  const wake = () =>
    bench.db.write([
      { sql: "UPDATE jobs SET scheduledAt = 0 WHERE id = ? AND status = 'queued'", params: [id] },
    ]);
  const waitsFor = (words: string) =>
    until(async () => ((await readJob(bench.db, id))?.waitReason ?? '').includes(words));
  for (const [index, [method, route]] of WRITES.entries()) {
    faults.remove(null);
    const fault = faults.add({ kind: 'slow', ms: 500, method, route, count: 1 });
    const process = startJobWorker(worker, bench);
    await process.ready;
    // What nobody at Apple does by itself here.
    if (route === '/v1/buildBetaNotifications') {
      await until(() => world.store.relatedOne(build.resource(), 'betaAppReviewSubmission') !== null);
      await waitsFor('review');
      approve(bench, build.id);
      await wake();
    }
    if (route === '/v1/betaBuildLocalizations') {
      await waitsFor('processing');
      build.process();
      await wake();
    }
    if (index === SECOND) {
      await waitsFor('sessions');
      await releaseJob(bench.ctx, id);
    }
    await until(() => fault.hits === 1);
    await process.end('SIGKILL');
    // It arrived, and is carried out when nobody waits for the answer any more.
    await until(() => journal(bench).length > from + index);
  }
  const last = startJobWorker(worker, bench);
  await until(async () => !['queued', 'running'].includes((await readJob(bench.db, id))?.status ?? ''));
  expect(await last.end('SIGTERM')).toBe(0);

  const items = await readItems(bench.db, id, { limit: 50 });
  expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', failed: 0 });
  expect(items.filter(({ reconciledAt }) => reconciledAt !== null)).toHaveLength(WRITES.length);
  expect(journal(bench).slice(from)).toEqual(WRITES);
  const addresses = world.mail.all().map(({ address }) => address);
  expect(addresses.length).toBeGreaterThan(0);
  expect(new Set(addresses).size).toBe(addresses.length);
  expect(
    await bench.db.query("SELECT status FROM auditEntries WHERE jobId = ? AND status <> 'succeeded'", [id]),
  ).toEqual([]);
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('It was waited for in vain.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
