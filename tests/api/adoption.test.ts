import { afterEach, beforeEach, expect, it } from 'vitest';
import { deviceDayStatements } from '@/lib/history/device-days';
import { type Adoption, appAdoption, listStragglers } from '@/lib/services/adoption/adoption';
import { appCoverage } from '@/lib/services/adoption/coverage';
import { RefusedError } from '@/lib/services/errors';
import { ACCOUNT, type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

let bench: PeopleBench;
beforeEach(async () => {
  bench = await peopleBench();
});
afterEach(() => bench.close());

/** What the sandbox itself has: devices by number and platform. */
function devicesInSandbox(): Map<string, number> {
  const found = new Map<string, number>();
  for (const { appId, attributes } of bench.sandbox.parts().world.store.all('betaTesters').values()) {
    if (appId !== bench.appId) continue;
    for (const device of (attributes.appDevices ?? []) as { appBuildVersion: string; platform: string }[]) {
      const key = `${device.platform} ${device.appBuildVersion}`;
      found.set(key, (found.get(key) ?? 0) + 1);
    }
  }
  return found;
}

const told = ({ installed }: Adoption) =>
  new Map(installed.map(({ number, platform, devices }) => [`${platform} ${number}`, devices]));

it('tells who is on which build, never guessing where two builds share a number', async () => {
  const { appId } = bench;
  const before = await appAdoption(bench.ctx, { appId });
  expect(told(before)).toEqual(devicesInSandbox());
  const row = before.installed.find(({ builds }) => builds.length === 1);
  const [only] = row?.builds ?? [];
  if (!row || !only) throw new Error('No build of the programme is on a device.');

  // Another version whose count began anew: the number alone says no longer which it is.
  const { build } = bench.db;
  const same = await bench.db.read(build.selectFrom('builds').selectAll().where('id', '=', only.id));
  const twins = same.map((one) => ({
    ...one,
    id: 'twin',
    trainVersion: '0.9',
    uploadedDate: '2020-01-01T00:00:00Z',
  }));
  await bench.db.write([build.insertInto('builds').values(twins)]);
  const after = await appAdoption(bench.ctx, { appId });
  const shared = after.installed.find(
    ({ number, platform }) => number === row.number && platform === row.platform,
  );
  expect(shared?.builds.map(({ id }) => id)).toEqual([only.id, 'twin']);
});

it('lists who is not on the newest build, page by page, with addresses only for who may see them', async () => {
  const { appId } = bench;
  const { targets } = await appAdoption(bench.ctx, { appId });
  const target = targets.find(({ counts }) => counts.invited > 0 && counts.behind + counts.accepted > 1);
  if (!target) throw new Error('Everybody is on the newest build.');
  const { counts, build } = target;
  const ask = (more: Record<string, string>, ctx = bench.ctx) =>
    listStragglers(ctx, { appId, parameters: new URLSearchParams({ build: build.id, ...more }) });
  const all = await ask({ limit: '1000' });
  expect(all.meta.total).toBe(counts.behind + counts.accepted + counts.invited);
  expect(all.data).toHaveLength(all.meta.total);
  const second = await ask({ offset: '1', limit: '1' });
  expect(second.data).toEqual(all.data.slice(1, 2));

  const invited = await ask({ standing: 'invited', limit: '1000' });
  const { store } = bench.sandbox.parts().world;
  const states = invited.data.map(({ id }) => store.get('betaTesters', id)?.attributes.state);
  expect(new Set(states)).toEqual(
    new Set(states.filter((state) => state === 'INVITED' || state === 'NOT_INVITED')),
  );
  expect(states).toHaveLength(counts.invited);

  const email = all.data.find((one) => one.email !== null)?.email ?? '';
  expect(email).toContain('@');
  const masked = await ask({ limit: '1000' }, bench.ctxAs('viewer'));
  expect(masked.meta).toEqual(all.meta);
  expect(JSON.stringify(masked)).not.toContain(email);
});

it('refuses what it cannot answer', async () => {
  const { appId } = bench;
  await expect(appAdoption(bench.ctx, { appId: 'nothing' })).rejects.toThrow(RefusedError);
  for (const wrong of [
    '',
    'build=',
    'build=b&standing=odd',
    'build=b&limit=0',
    'build=b&limit=1001',
    'build=b&offset=-1',
  ])
    await expect(
      listStragglers(bench.ctx, { appId, parameters: new URLSearchParams(wrong) }),
      wrong,
    ).rejects.toMatchObject({ status: 400 });
});

it('tells on which devices and systems an app is tested, and what its builds need', async () => {
  const { appId } = bench;
  const { covered, untold, platforms } = await appCoverage(bench.ctx, { appId });
  const wanted = new Map<string, number>();
  const people = new Map<string, Set<string>>();
  for (const { id, appId: of, attributes } of bench.sandbox.parts().world.store.all('betaTesters').values()) {
    if (of !== appId) continue;
    for (const device of (attributes.appDevices ?? []) as { model: string; osVersion: string }[]) {
      const key = `${device.model} ${device.osVersion.split('.').slice(0, 2).join('.')}`;
      wanted.set(key, (wanted.get(key) ?? 0) + 1);
      people.set(key, (people.get(key) ?? new Set()).add(id));
    }
  }
  const models = covered.filter(({ model }) => model !== null);
  expect(new Map(models.map(({ model, os, devices }) => [`${model} ${os}`, devices]))).toEqual(wanted);
  for (const { model, os, testers } of models) expect(testers).toBe(people.get(`${model} ${os}`)?.size);
  const sum = (rows: typeof covered) => rows.reduce((all, { devices }) => all + devices, 0);
  expect(sum(covered.filter(({ model }) => model === null))).toBe(sum(models));
  expect(untold).toBe(0);
  expect(platforms.length).toBeGreaterThan(0);

  // Somebody whose devices tell less than that is counted as such.
  const some = await bench.db.query<{ id: string }>(
    'SELECT id FROM betaTesters WHERE appId = ? ORDER BY id LIMIT 1',
    [appId],
  );
  const { build } = bench.db;
  const appDevices =
    '[{"model":"iPhone17,1"},{"osVersion":"26.1","platform":"IOS"},{"model":"iPhone99,9","osVersion":"27"}]';
  await bench.db.write([
    build
      .updateTable('betaTesters')
      .set({ appDevices })
      .where('id', '=', some[0]?.id ?? ''),
  ]);
  const after = await appCoverage(bench.ctx, { appId });
  expect(after.untold).toBe(2);
  expect(after.covered.find(({ model }) => model === 'iPhone99,9')).toMatchObject({
    family: 'IPHONE',
    os: '27.0',
    testers: 1,
  });
  await expect(appCoverage(bench.ctx, { appId: 'nothing' })).rejects.toThrow(RefusedError);
});

it('tells the course of what most devices have, by our own readings, and makes nothing up', async () => {
  const { appId, db } = bench;
  const { course: none, installed } = await appAdoption(bench.ctx, { appId });
  expect(none).toEqual({ lines: [], days: [] });
  const [known] = installed.filter(({ builds }) => builds.length === 1);
  const number = known?.number ?? '';
  const platform = known?.platform ?? '';
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const note = (ago: number, counts: readonly (readonly [number: string, devices: number])[]) =>
    db.write(
      deviceDayStatements(
        { accountId: ACCOUNT, appId, day: day(ago) },
        counts.map(([one, devices]) => ({ platform, number: one, devices })),
      ),
    );
  await note(100, [['old', 9]]);
  await note(2, [['gone', 4]]);
  await note(1, [
    [number, 1],
    ['gone', 3],
  ]);
  await note(0, [
    [number, 1],
    ['', 1],
  ]);
  // A later reading of the day replaces it.
  await note(0, [[number, 6]]);
  const { course } = await appAdoption(bench.ctx, { appId });
  expect(course.lines.map(({ number: of, builds }) => [of, builds.map(({ id }) => id)])).toEqual([
    [number, known?.builds.map(({ id }) => id)],
    [null, []],
  ]);
  expect(course.days).toEqual([
    { day: day(2), devices: 4, counts: [0, 0] },
    { day: day(1), devices: 4, counts: [1, 0] },
    { day: day(0), devices: 7, counts: [6, 1] },
  ]);
});
