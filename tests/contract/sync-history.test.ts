import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '@/lib/clock';
import { createLog } from '@/lib/log';
import type { FaultRule } from '@/lib/sandbox/http/faults';
import type { Sandbox } from '@/lib/sandbox/server';
import { recordDay } from '@/lib/sync/history';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { ACCOUNT, addAccount, quietSandbox, sandboxClient, syncOnce } from '@/tests/factories/synced';

let sandbox: Sandbox;
let db: TestDatabase;

beforeEach(async () => {
  sandbox = await quietSandbox();
  db = await testDatabase();
  await addAccount(db);
  await syncOnce(db, sandboxClient(sandbox));
});
afterEach(async () => {
  await db.close();
  await sandbox.close();
});

const note = () =>
  recordDay({
    db,
    asc: sandboxClient(sandbox),
    accountId: ACCOUNT,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
  });
const fault = (rule: FaultRule) => sandbox.parts().faults.add(rule);
const count = async (table: string, where = 'TRUE') =>
  (await db.query<{ n: number }>(`SELECT COUNT(*) AS n FROM "${table}" WHERE ${where}`))[0]?.n ?? 0;
const links = () => count('betaGroups', 'publicLinkEnabled = 1');

it('notes the sizes of groups, the figures of links and what testers did, once a day', async () => {
  expect(await note()).toBe((await links()) + 2);
  expect(await count('groupDays')).toBe(await count('betaGroups'));
  expect(await count('linkDays')).toBe(await links());
  expect(await count('testerDays')).toBeGreaterThan(0);
  expect(await note()).toBe(0);
});

it('notes what it may when Apple refuses the figures of links, and does not ask again that day', async () => {
  const refusal = { status: 403, code: 'FORBIDDEN_ERROR', title: 'Refused', detail: 'Not for this key.' };
  fault({ kind: 'status', ...refusal, route: '/v1/betaGroups/{id}/metrics/publicLinkUsages' });
  await note();
  expect([await count('linkDays'), (await count('testerDays')) > 0]).toEqual([0, true]);
  expect(await note()).toBe(0);
});

it('comes back for figures that failed for a passing reason', async () => {
  fault({ kind: 'html', status: 500, route: '/v1/apps/{id}/metrics/betaTesterUsages', count: 6 });
  await note();
  expect([await count('linkDays'), await count('testerDays')]).toEqual([await links(), 0]);
  sandbox.parts().faults.remove(null);
  await note();
  expect(await count('testerDays')).toBeGreaterThan(0);
}, 60_000);

it('notes what is on the devices of each app, as App Store Connect has it, without a request', async () => {
  const before = await note();
  const there = new Map<string, number>();
  for (const { appId, attributes } of sandbox.parts().world.store.all('betaTesters').values())
    for (const one of (attributes.appDevices ?? []) as { platform: string; appBuildVersion: string }[]) {
      const key = `${appId} ${one.platform} ${one.appBuildVersion}`;
      there.set(key, (there.get(key) ?? 0) + 1);
    }
  const rows = await db.read(db.build.selectFrom('deviceDays').selectAll());
  expect(new Map(rows.map((row) => [`${row.appId} ${row.platform} ${row.number}`, row.devices]))).toEqual(
    there,
  );
  expect(there.size).toBeGreaterThan(0);
  expect(before).toBe((await links()) + 2);
});

it('notes nothing of devices before all testers of an app are here', async () => {
  await db.write([db.build.deleteFrom('syncScopes').where('scope', 'like', 'betaTesters/%')]);
  await note();
  expect(await count('deviceDays')).toBe(0);
});

it('keeps what testers did as the window that it is, of each app and each group, without a request', async () => {
  expect(await note()).toBe((await links()) + 2);
  const windows = await db.read(db.build.selectFrom('usageWindows').selectAll());
  const ofApps = windows.filter(({ type }) => type === 'apps');
  expect(ofApps).toHaveLength(await count('apps'));
  expect(windows.filter(({ type }) => type === 'betaGroups')).toHaveLength(await count('betaGroups'));
  for (const { id, start, end, activeTesters, sessionCount } of ofApps) {
    const { document } = await sandboxClient(sandbox).metrics('apps', id, 'betaTesterUsages', {
      ...{ period: 'P7D', groupBy: ['betaTesters'], limit: { page: 200 } },
    });
    const points = document.data.flatMap(({ dataPoints }) => dataPoints);
    const sessions = points.map(({ values }) => values?.sessionCount ?? 0);
    expect([start, end]).toEqual([points[0]?.start, points[0]?.end]);
    expect([activeTesters, sessionCount]).toEqual([
      ...[sessions.filter((n) => n > 0).length, sessions.reduce((all, n) => all + n, 0)],
    ]);
  }
});

it('keeps no window of groups before it is known who is in them', async () => {
  await db.write([db.build.deleteFrom('syncScopes').where('scope', 'like', 'betaTesters/%')]);
  await note();
  expect(await count('usageWindows', `type = 'betaGroups'`)).toBe(0);
  expect(await count('usageWindows', `type = 'apps'`)).toBe(await count('apps'));
});
