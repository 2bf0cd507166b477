import { afterEach, beforeEach, expect, it } from 'vitest';
import { expiryCalendar } from '@/lib/services/builds/expiry';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

let bench: PeopleBench;
beforeEach(async () => {
  bench = await peopleBench();
});
afterEach(() => bench.close());

const ask = (query: Record<string, string> = {}) =>
  expiryCalendar(bench.ctx, { parameters: new URLSearchParams(query) });

/** Builds of the sandbox that have not expired, with the state of their details. */
function living(appId: string) {
  const { store } = bench.sandbox.parts().world;
  return [...store.all('builds').values()]
    .filter((build) => build.appId === appId && build.attributes.expired !== true)
    .filter(({ attributes }) => Date.parse(String(attributes.expirationDate)) > Date.now())
    .map((build) => ({
      id: build.id,
      at: Date.parse(String(build.attributes.expirationDate)),
      platform: String(store.relatedOne(build, 'preReleaseVersion')?.attributes.platform),
      isTested:
        store.related(build, 'betaGroups').length > 0 &&
        Object.values(store.relatedOne(build, 'buildBetaDetail')?.attributes ?? {}).includes(
          'IN_BETA_TESTING',
        ),
    }));
}

it('tells of an app what ends when, and until when its testers have something', async () => {
  const { appId } = bench;
  const all = await ask({ app: appId, which: 'all' });
  const there = living(appId);
  expect(all.endings.map(({ build }) => build.id).toSorted()).toEqual(there.map(({ id }) => id).toSorted());
  expect(all.total).toBe(there.length);
  const instants = all.endings.map(({ at }) => Date.parse(at));
  expect(instants).toEqual(instants.toSorted((one, other) => one - other));

  const tested = there.filter((build) => build.isTested);
  const mine = await ask({ app: appId });
  expect(mine.endings.map(({ build }) => build.id).toSorted()).toEqual(tested.map(({ id }) => id).toSorted());
  for (const { build, by, isOver } of mine.needs) {
    const own = tested.filter(({ platform }) => platform === build.platform);
    if (isOver) expect(own).toEqual([]);
    else expect(Date.parse(by)).toBe(Math.max(...own.map(({ at }) => at)));
  }
  expect(mine.needs.filter(({ isOver }) => !isOver)).toHaveLength(
    new Set(tested.map(({ platform }) => platform)).size,
  );
});

it('names the newest later build as what can take the place of one, and none for that itself', async () => {
  const { endings } = await ask({ app: bench.appId, which: 'all' });
  const replaced = endings.filter(({ replacement }) => replacement !== null);
  expect(replaced.length).toBeGreaterThan(0);
  const { store } = bench.sandbox.parts().world;
  const uploaded = (id: string) => Date.parse(String(store.get('builds', id)?.attributes.uploadedDate));
  for (const { build, replacement } of replaced) {
    expect(replacement?.platform).toBe(build.platform);
    expect(uploaded(replacement?.id ?? '')).toBeGreaterThan(uploaded(build.id));
  }
  const newest = new Set(replaced.map(({ replacement }) => replacement?.id));
  expect(endings.filter(({ build }) => newest.has(build.id)).every((one) => one.replacement === null)).toBe(
    true,
  );
});

it('says that it is over where the last build has ended, and forgets it after a quarter', async () => {
  const { appId } = bench;
  const { build: make } = bench.db;
  const end = (expirationDate: string) =>
    bench.db.write([
      make.updateTable('builds').set({ expired: 1, expirationDate }).where('appId', '=', appId),
    ]);
  const before = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  await end(before(3));
  const over = await ask({ app: appId });
  expect(over.endings).toEqual([]);
  expect(over.needs.length).toBeGreaterThan(0);
  expect(over.needs.every(({ isOver }) => isOver)).toBe(true);
  await end(before(100));
  expect((await ask({ app: appId })).needs).toEqual([]);
});

it('tells of all apps by their names, and refuses what it does not know', async () => {
  const { endings, needs } = await ask({ which: 'all' });
  expect(new Set(endings.map(({ appId }) => appId)).size).toBeGreaterThan(1);
  expect([...endings, ...needs].every(({ appName }) => appName !== null)).toBe(true);
  await expect(ask({ which: 'some' })).rejects.toMatchObject({ status: 400 });
});
