import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readItems, readJob } from '@/lib/jobs/rows';
import { answerCompliance } from '@/lib/services/builds/answer-compliance';
import { newJobBody, startJob } from '@/lib/services/jobs/start';
import { getJob } from '@/lib/services/jobs/views';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

let bench: PeopleBench;
let ids: string[];
beforeAll(async () => {
  bench = await peopleBench({ seed: 4 });
  await bench.mirror();
});
afterAll(() => bench.close());
beforeEach(async () => {
  bench.sandbox.parts().faults.remove(null);
  const rows = await bench.db.query<{ id: string }>(
    "SELECT id FROM builds WHERE appId = ? AND processingState = 'VALID' AND expired = 0 ORDER BY id LIMIT 3",
    [bench.appId],
  );
  ids = rows.map(({ id }) => id);
  expect(ids).toHaveLength(3);
  for (const id of ids) {
    const build = held(id);
    if (build) store().update(build, { usesNonExemptEncryption: null });
    await bench.db.write([
      {
        sql: `UPDATE builds SET usesNonExemptEncryption = NULL,
          document = json_set(document, '$.usesNonExemptEncryption', NULL) WHERE id = ?`,
        params: [id],
      },
    ]);
  }
});

const store = () => bench.sandbox.parts().world.store;
const held = (id: string) => store().get('builds', id);
const answers = () => ids.map((id) => held(id)?.attributes.usesNonExemptEncryption);
const start = (input: object, more: object = {}) =>
  startJob(bench.ctx, newJobBody.parse({ kind: 'answer-compliance', appId: bench.appId, input, ...more }));
const outcomes = async (id: string) =>
  (await readItems(bench.db, id, { status: [], after: -1, limit: 50 })).map(({ status, errorCode }) => [
    ...[status, errorCode],
  ]);

describe('export compliance of several builds, as one job', () => {
  it('answers each by one request, and tells it in a sentence and in the trail', async () => {
    const before = bench.sandbox.parts().requests.count;
    const { id } = await start({ builds: ids, declarationId: null });
    await bench.run(id);
    expect(answers()).toEqual([false, false, false]);
    expect(bench.sandbox.parts().requests.count - before).toBe(3);
    expect((await readJob(bench.db, id))?.done).toBe(3);
    const { sentence } = await getJob(bench.ctx, id);
    expect(sentence.map((part) => (typeof part === 'string' ? part : part.name)).join('')).toMatch(
      /^answered the export compliance of /,
    );
    const trail = await bench.db.query<{ status: string }>(
      "SELECT status FROM auditEntries WHERE jobId = ? AND type = 'builds'",
      [id],
    );
    expect(trail).toEqual([1, 2, 3].map(() => ({ status: 'succeeded' })));
    // What has its answer is not asked again; what was answered otherwise says that nobody can change it.
    const again = await start({ builds: ids, declarationId: null });
    expect(await outcomes(again.id)).toEqual(ids.map(() => ['skipped', 'FLIGHTDECK.ALREADY']));
    const other = await start({ builds: ids, declarationId: 'some' });
    expect(await outcomes(other.id)).toEqual(ids.map(() => ['failed', 'FLIGHTDECK.ANSWERED']));
  });

  it('gives builds that have their answer the declaration that was asked for, and leaves those that have it', async () => {
    for (const id of ['one', 'two'])
      store().insert({
        ...{ type: 'appEncryptionDeclarations', id, appId: bench.appId },
        attributes: { appEncryptionDeclarationState: 'APPROVED' },
        relationships: { app: bench.appId },
      });
    for (const [at, id] of ids.entries()) {
      const build = held(id);
      if (!build) throw new Error('the build is there');
      store().update(build, { usesNonExemptEncryption: true });
      store().link(build, 'appEncryptionDeclaration', [at === 0 ? 'two' : 'one']);
    }
    await bench.mirror();
    // What does not arrive is not taken for done because the build has its answer: the declaration is looked for.
    const { faults, requests } = bench.sandbox.parts();
    faults.add({ kind: 'drop', when: 'before', method: 'PATCH', route: '/v1/builds/{id}', count: 3 });
    const lost = await start({ builds: [ids[1] ?? ''], declarationId: 'two' });
    await bench.run(lost.id);
    expect(await outcomes(lost.id)).toEqual([['done', null]]);
    const patches = () => requests.entries().filter(({ method }) => method === 'PATCH').length;
    const before = patches();
    const { id } = await start({ builds: ids, declarationId: 'two' });
    await bench.run(id);
    expect((await outcomes(id)).map(([status]) => status)).toEqual(['skipped', 'skipped', 'done']);
    const attached = ids.map((one) => {
      const build = held(one);
      return build && store().relatedId(build, 'appEncryptionDeclaration');
    });
    expect(attached).toEqual(['two', 'two', 'two']);
    expect(patches() - before).toBe(1);
    // Another answer is not to be had.
    const exempt = await start({ builds: ids, declarationId: null });
    expect(await outcomes(exempt.id)).toEqual(ids.map(() => ['failed', 'FLIGHTDECK.ANSWERED']));
  });

  it('keeps what Apple refuses of one from the others, with its reason', async () => {
    bench.sandbox
      .parts()
      .faults.add({ kind: 'status', status: 409, method: 'PATCH', route: '/v1/builds/{id}', count: 1 });
    const { id } = await start({ builds: ids, declarationId: null });
    await bench.run(id);
    const found = await outcomes(id);
    expect(found.map(([status]) => status).toSorted()).toEqual(['done', 'done', 'failed']);
    expect(answers().filter((one) => one === null)).toHaveLength(1);
  });

  it('sends nothing in a dry run, and refuses what is no build of the app', async () => {
    const { id } = await start({ builds: ids, declarationId: null }, { dryRun: true });
    await bench.run(id);
    expect(await outcomes(id)).toEqual(ids.map(() => ['skipped', 'FLIGHTDECK.PLANNED']));
    expect(answers()).toEqual([null, null, null]);
    await expect(start({ builds: ['none'], declarationId: null })).rejects.toThrow('no such build');
    expect(
      newJobBody.safeParse({ kind: 'answer-compliance', appId: '1', input: { builds: [] } }).success,
    ).toBe(false);
    expect(answerCompliance.requestsPerItem).toBe(1);
  });
});
