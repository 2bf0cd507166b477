import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryMirror } from '@/lib/mirror/query/list';
import { replaces } from '@/lib/mirror/query/superseded';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Store } from '@/lib/store/store';
import { aBuild } from '../factories/resources';
import { ENGINES } from '../factories/stores';
import { ACCOUNT, addAccount } from '../factories/synced';

const OLDER = ['IN_BETA_TESTING', 'READY_FOR_BETA_TESTING', null];
const INTERNAL = ['READY_FOR_BETA_TESTING', 'MISSING_EXPORT_COMPLIANCE', null];
const EXTERNAL = ['BETA_APPROVED', 'BETA_REJECTED', null];

/** Two builds of a version of their own, in each way in which they can stand to each other. */
const PAIRS = OLDER.flatMap((wasInside) =>
  OLDER.flatMap((wasOutside) =>
    INTERNAL.flatMap((inside) => EXTERNAL.flatMap((outside) => [{ wasInside, wasOutside, inside, outside }])),
  ),
);

describe.each(ENGINES)('which builds are superseded on $name', ({ open }) => {
  let db: Store;
  beforeAll(async () => {
    db = await open();
    await addAccount(db);
    const resources = PAIRS.flatMap(({ wasInside, wasOutside, inside, outside }, n) =>
      [
        { id: `older${n}`, day: 1, internalBuildState: wasInside, externalBuildState: wasOutside },
        { id: `newer${n}`, day: 2, internalBuildState: inside, externalBuildState: outside },
      ].flatMap(({ id, day, ...detail }) =>
        aBuild(id, '1', {
          ...{ train: `1.${n}`, detail },
          attributes: { uploadedDate: `2026-03-0${day}T10:00:00Z` },
        }),
      ),
    );
    await db.write(
      upsertStatements({ accountId: ACCOUNT, resources, appId: '1', fetchedAt: 1, source: 'sync' }),
    );
  }, 60_000);
  afterAll(() => db.close());

  const superseded = async () => {
    const filter = { app: ['1'], isSuperseded: ['true'] };
    const { data } = await queryMirror(db, 'builds', { accountId: ACCOUNT, filter, limit: 200, now: 1 });
    return data.map(({ id }) => id).toSorted();
  };

  it('the list tells as whoever expires builds does, whatever their states', async () => {
    const build = (day: number, internalBuildState: string | null, externalBuildState: string | null) => ({
      ...{ preReleaseVersionId: 'train', processingState: 'VALID', uploadedDate: `2026-03-0${day}` },
      ...{ internalBuildState, externalBuildState },
    });
    const expected = PAIRS.flatMap(({ wasInside, wasOutside, inside, outside }, n) =>
      replaces(build(2, inside, outside), build(1, wasInside, wasOutside)) ? [`older${n}`] : [],
    ).toSorted();
    expect(expected.length).toBeGreaterThan(10);
    expect(expected.length).toBeLessThan(PAIRS.length - 10);
    expect(await superseded()).toEqual(expected);
  });

  it('one that can be tested nowhere supersedes none, and one that has expired is in testing nowhere', async () => {
    const nth = (pair: Partial<(typeof PAIRS)[number]>) =>
      PAIRS.findIndex((one) =>
        Object.entries(pair).every(([name, state]) => one[name as keyof typeof one] === state),
      );
    const tested = { wasInside: 'IN_BETA_TESTING', wasOutside: 'IN_BETA_TESTING' };
    const inside = nth({ ...tested, inside: 'READY_FOR_BETA_TESTING', outside: 'BETA_REJECTED' });
    const nowhere = nth({ ...tested, inside: 'MISSING_EXPORT_COMPLIANCE', outside: 'BETA_REJECTED' });
    const before = await superseded();
    expect(before).not.toContain(`older${inside}`);
    for (const n of [inside, nowhere])
      await db.write([db.build.updateTable('builds').set({ expired: 1 }).where('id', '=', `older${n}`)]);
    const after = await superseded();
    expect(after).toContain(`older${inside}`);
    expect(after).not.toContain(`older${nowhere}`);
  });
});
