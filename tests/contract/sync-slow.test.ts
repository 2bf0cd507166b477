import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLog } from '@/lib/log';
import type { FaultRule } from '@/lib/sandbox/http/faults';
import type { Sandbox } from '@/lib/sandbox/server';
import { readSlowly } from '@/lib/sync/slow';
import { type ManualClock, manualClock } from '@/tests/factories/clock';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { ACCOUNT, addAccount, quietSandbox, sandboxClient, syncOnce } from '@/tests/factories/synced';

const DAY_MS = 86_400_000;

let sandbox: Sandbox;
let db: TestDatabase;
let clock: ManualClock;

beforeEach(async () => {
  sandbox = await quietSandbox();
  db = await testDatabase();
  await addAccount(db);
  await syncOnce(db, sandboxClient(sandbox));
  clock = manualClock();
});
afterEach(async () => {
  await db.close();
  await sandbox.close();
});

const read = (maxRequests = 1_000, client = sandboxClient(sandbox)) =>
  readSlowly({
    db,
    asc: client,
    accountId: ACCOUNT,
    clock,
    log: createLog({ level: 'silent' }),
    maxRequests,
  });
const fault = (rule: FaultRule) => sandbox.parts().faults.add(rule);
const count = async (what: string) =>
  (await db.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${what}`))[0]?.n ?? 0;
const apps = () => count('apps');
const usable = () => count(`builds WHERE expired = 0 AND processingState = 'VALID'`);
const USE = '/v1/builds/{id}/metrics/betaBuildUsages';

it('notes once a day how each unexpired build is used, newest first, and hourly which uploads are no builds', async () => {
  const first = await read(5);
  expect(first).toBe(5);
  const noted = await count('buildDays');
  expect(noted).toBe(5 - (await apps()));
  const [newest] = await db.query<{ id: string }>(
    `SELECT id FROM builds WHERE expired = 0 AND processingState = 'VALID' ORDER BY uploadedDate DESC LIMIT 1`,
  );
  const [held] = await db.query<Record<string, number>>(
    `SELECT inviteCount, installCount, sessionCount, crashCount, feedbackCount FROM buildDays WHERE buildId = '${newest?.id}'`,
  );
  const told = await sandboxClient(sandbox).metrics('builds', newest?.id ?? '', 'betaBuildUsages');
  expect(held).toEqual(told.document.data[0]?.dataPoints[0]?.values);

  // Each build is asked for its use, its bundles, and the sizes of its app.
  expect(first + (await read())).toBe((await apps()) + 3 * (await usable()));
  expect(await read()).toBe(0);
  expect(await count('buildDays')).toBe(await usable());
  await clock.advance(DAY_MS / 23);
  expect(await read()).toBe(await apps());
  await clock.advance(DAY_MS);
  expect(await read()).toBe((await apps()) + (await usable()));
  expect(await count('buildDays')).toBe(2 * (await usable()));
});

it('notes once for all how large a build is, on the device where it takes most', async () => {
  const [build] = await db.query<{ id: string }>(
    `SELECT id FROM builds WHERE expired = 0 AND processingState = 'VALID' ORDER BY uploadedDate DESC LIMIT 1`,
  );
  const store = sandbox.parts().world.store;
  const there = store.get('builds', build?.id ?? '');
  const bundles = there ? store.related(there, 'buildBundles') : [];
  const bytes = bundles
    .filter(({ attributes }) => attributes.bundleType === 'APP')
    .flatMap((bundle) => store.related(bundle, 'buildBundleFileSizes'))
    .map(({ attributes }) => Number(attributes.installBytes));
  await read();
  const told = await db.query<{ n: number }>(
    `SELECT installBytes AS n FROM builds WHERE id = '${build?.id}'`,
  );
  expect(told).toEqual([{ n: Math.max(...bytes) }]);
  expect(await count('builds WHERE sizeReadAt IS NOT NULL')).toBe(await usable());
});

it('holds the uploads that are no builds, and lets go of those that have become one', async () => {
  await read();
  const store = sandbox.parts().world.store;
  const isOpen = (one: { attributes: Record<string, unknown> }) =>
    (one.attributes.state as { state: string }).state !== 'COMPLETE';
  const open = [...store.all('buildUploads').values()].filter(isOpen);
  expect(open.length).toBeGreaterThan(2);
  const held = async () =>
    (await db.query<{ id: string }>(`SELECT id FROM documents WHERE type = 'buildUploads'`)).map(
      ({ id }) => id,
    );
  expect((await held()).toSorted()).toEqual(open.map(({ id }) => id).toSorted());
  const [one] = open;
  if (!one) throw new Error('There are open uploads.');
  store.update(one, { state: { state: 'COMPLETE', errors: [], warnings: [], infos: [] } });
  await clock.advance(DAY_MS / 23);
  await read();
  expect(await held()).not.toContain(one.id);
  expect(await held()).toHaveLength(open.length - 1);
});

it('leaves alone until tomorrow what Apple refuses, of one build or of all', async () => {
  const refusal = { status: 404, code: 'NOT_FOUND', title: 'Not found', detail: 'No such build.' };
  fault({ kind: 'status', ...refusal, route: USE, count: 1 });
  await read();
  expect(await count('buildDays')).toBe((await usable()) - 1);
  expect(await read()).toBe(0);
  sandbox.parts().faults.remove(null);
  await clock.advance(DAY_MS);
  const role = { status: 403, code: 'FORBIDDEN_ERROR', title: 'Refused', detail: 'Not for this key.' };
  fault({ kind: 'status', ...role, route: USE });
  expect(await read()).toBe((await apps()) + 1);
  expect(await read()).toBe(0);
});

it('comes back for what failed in passing, and waits where half of the hour is spent', async () => {
  fault({ kind: 'html', status: 500, route: USE, count: 6 });
  await read();
  expect(await count('buildDays')).toBe(0);
  sandbox.parts().faults.remove(null);
  const spent = sandboxClient(sandbox);
  const poor = { ...spent, budget: { ...spent.budget, limit: 3_500, remaining: 1_700 } };
  expect(await read(1_000, poor)).toBe(0);
  await read();
  expect(await count('buildDays')).toBe(await usable());
}, 60_000);
