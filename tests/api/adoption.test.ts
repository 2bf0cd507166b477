import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Adoption, appAdoption, listStragglers } from '@/lib/services/adoption/adoption';
import { RefusedError } from '@/lib/services/errors';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

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
