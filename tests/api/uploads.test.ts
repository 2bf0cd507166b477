import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Resource } from '@/lib/sandbox/engine/resource';
import { type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench;
let app: Resource;
beforeEach(async () => {
  bench = await apiBench({ seed: 11 });
  app = [...store().all('apps').values()][0] as Resource;
});
afterEach(() => bench.close());

const store = () => bench.sandbox.parts().world.store;
const asked = () => bench.sandbox.parts().requests.count;
const event = async (body: object) =>
  (await (
    await fetch(`${bench.sandbox.baseUrl}/sandbox/events`, { method: 'POST', body: JSON.stringify(body) })
  ).json()) as { id: string };
const read = async (query = `?app=${app.id}`, as: 'manager' | 'viewer' = 'manager') =>
  (await bench.call('GET', `/api/programme/uploads${query}`, { as })).body.data as {
    uploads: Record<string, unknown>[];
    fetchedAt: string | null;
    trouble: string | null;
  };
const only = async (id: string, query?: string) =>
  (await read(query)).uploads.find((upload) => upload.id === id);

it('that fail before they are builds come with Apple’s errors and warnings in words', async () => {
  const errors = [{ code: '90189', description: 'Redundant Binary Upload.' }];
  const warnings = [{ code: null, description: 'SDK version issue.' }];
  const { id } = await event({ kind: 'refuse-upload', appId: app.id, number: '77', errors, warnings });
  expect(await only(id)).toMatchObject({
    ...{ version: '77', state: 'FAILED', buildId: null, laterBuildId: null },
    problems: [
      { kind: 'error', code: '90189', description: 'Redundant Binary Upload.' },
      { kind: 'warning', code: null, description: 'SDK version issue.' },
    ],
  });
  // All apps are told from what was read.
  const before = asked();
  expect(await only(id, '')).toMatchObject({ appId: app.id, state: 'FAILED' });
  expect((await read(`?app=${app.id}`, 'viewer')).uploads.length).toBeGreaterThan(0);
  expect(asked()).toBe(before);
});

it('that are processed, hang and fail in processing are those of their builds', async () => {
  const { id } = await event({ kind: 'upload', appId: app.id });
  await event({ kind: 'hang-processing', buildId: id });
  await fetch(`${bench.sandbox.baseUrl}/sandbox/clock/step`, { method: 'POST', body: '{"ms":90000000}' });
  expect(store().get('builds', id)?.attributes.processingState).toBe('PROCESSING');
  expect(await only(id)).toMatchObject({ buildId: id, state: 'PROCESSING', laterBuildId: null });
  await event({ kind: 'fail-processing', buildId: id });
  expect(store().get('builds', id)?.attributes.processingState).toBe('FAILED');
  await bench.db.write([bench.db.build.updateTable('syncScopes').set({ completedAt: 1 })]);
  expect(await only(id)).toMatchObject({ buildId: id, state: 'FAILED', problems: [{ code: '90683' }] });
});

it('cannot be read: what was read before is told with the reason', async () => {
  const { id } = await event({ kind: 'refuse-upload', appId: app.id });
  expect((await read()).trouble).toBeNull();
  await bench.db.write([bench.db.build.updateTable('syncScopes').set({ completedAt: 1 })]);
  const refusal = { status: 403, code: 'FORBIDDEN_ERROR', title: 'Refused', detail: 'Not for this key.' };
  bench.sandbox.parts().faults.add({ kind: 'status', ...refusal, route: '/v1/apps/{id}/buildUploads' });
  const { uploads, trouble } = await read();
  expect(trouble).toMatch(/Not for this key/);
  expect(uploads.map((upload) => upload.id)).toContain(id);
  expect((await bench.call('GET', '/api/programme/uploads?app=nothing', { as: 'manager' })).status).toBe(404);
});
