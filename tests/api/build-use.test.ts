import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildUse } from '@/lib/services/builds/usage';
import { RefusedError } from '@/lib/services/errors';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

let bench: PeopleBench;
let id: string;
beforeEach(async () => {
  bench = await peopleBench();
  await bench.mirror();
  const [build] = await bench.db.query<{ id: string }>(
    `SELECT id FROM builds WHERE appId = ? AND expired = 0 AND processingState = 'VALID' ORDER BY id LIMIT 1`,
    [bench.appId],
  );
  id = build?.id ?? '';
});
afterEach(() => bench.close());

const asked = () => bench.sandbox.parts().requests.count;

it('is read when a build is opened and kept, and who may not ask Apple is told what was read', async () => {
  const before = asked();
  expect(await buildUse(bench.ctxAs('viewer'), { id })).toEqual({ days: [], trouble: null });
  expect(asked()).toBe(before);

  const { days, trouble } = await buildUse(bench.ctx, { id });
  expect([days.length, trouble]).toEqual([1, null]);
  const asc = await bench.ctx.ascFor('account-1', 'interactive');
  const told = await asc.metrics('builds', id, 'betaBuildUsages');
  expect(days[0]).toMatchObject(told.document.data[0]?.dataPoints[0]?.values ?? {});

  const after = asked();
  expect((await buildUse(bench.ctxAs('viewer'), { id })).days).toEqual(days);
  // Whoever opens it within a minute causes no request.
  expect((await buildUse(bench.ctx, { id })).days).toEqual(days);
  expect(asked()).toBe(after);
});

it('says why it cannot be read, with the readings that are known', async () => {
  await bench.db.write([
    bench.db.build.insertInto('buildDays').values({
      ...{ accountId: 'account-1', appId: bench.appId, buildId: id, day: '2026-01-02', readAt: 1 },
      ...{ installCount: 7 },
    }),
  ]);
  const route = '/v1/builds/{id}/metrics/betaBuildUsages';
  const refusal = { status: 403, code: 'FORBIDDEN_ERROR', title: 'Refused', detail: 'Not for this key.' };
  bench.sandbox.parts().faults.add({ kind: 'status', ...refusal, route });
  const { days, trouble } = await buildUse(bench.ctx, { id });
  expect(trouble).toMatch(/Not for this key/);
  expect(days).toMatchObject([{ day: '2026-01-02', installCount: 7, sessionCount: null }]);
});

it('is not told of a build that is not there', async () => {
  await expect(buildUse(bench.ctx, { id: 'nothing' })).rejects.toThrow(RefusedError);
});
