import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDayStatement } from '@/lib/history/build-days';
import { queryMirror } from '@/lib/mirror/query/list';
import { neighboursOf } from '@/lib/mirror/query/neighbours';
import { type MirrorQuery, MirrorQueryError } from '@/lib/mirror/query/types';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Store } from '@/lib/store/store';
import { aBuild } from '../factories/resources';
import { ENGINES } from '../factories/stores';
import { ACCOUNT, addAccount } from '../factories/synced';

const BY_VERSION = { group: 'preReleaseVersion', accountId: ACCOUNT } as const;

/** Days by number, so that a hot fix of an old version is the newest build. */
const BUILDS: readonly (readonly [id: string, train: string, day: number, attributes?: object])[] = [
  ['b1', '1.9', 1],
  ['b2', '1.9', 9],
  ['b3', '1.10', 3, { expired: true }],
  ['b4', '1.10', 4, { expired: true }],
  ['b5', '1.10', 5],
  ['b6', '2.0', 6],
  ['b7', '2.0', 7, { processingState: 'INVALID' }],
];

describe.each(ENGINES)('groups of rows on $name', ({ open }) => {
  let db: Store;
  beforeAll(async () => {
    db = await open();
    await addAccount(db);
    const put = (appId: string, resources: ReturnType<typeof aBuild>) =>
      db.write(
        upsertStatements({ ...{ accountId: ACCOUNT, resources, appId, fetchedAt: 1 }, source: 'sync' }),
      );
    const built = ([id, train, day, attributes = {}]: (typeof BUILDS)[number], appId: string) =>
      aBuild(appId === '1' ? id : `${id}of${appId}`, appId, {
        ...{ train, attributes: { uploadedDate: `2026-03-0${day}T10:00:00Z`, ...attributes } },
      });
    await put(
      '1',
      BUILDS.flatMap((build) => built(build, '1')),
    );
    await put('2', built(['b8', '9.0', 2], '2'));
    await db.write([
      db.build.insertInto('apps').values(
        [
          ['1', 'Zebra'],
          ['2', 'Ant'],
        ].map(([id = '', name]) => ({
          ...{ accountId: ACCOUNT, id, name, document: '{}', generation: 1, fetchedAt: 1 },
        })),
      ),
      db.build.insertInto('buildDays').values(
        [
          ['b5', '2026-03-05', 10, 9],
          ['b5', '2026-03-06', 40, 1],
          ['b4', '2026-03-05', 60, 3],
        ].map(([buildId, day, sessionCount, crashCount]) => ({
          ...{ accountId: ACCOUNT, appId: '1', readAt: 1, buildId: String(buildId), day: String(day) },
          ...{ sessionCount: Number(sessionCount), crashCount: Number(crashCount) },
        })),
      ),
    ]);
  }, 60_000);
  afterAll(() => db.close());

  const page = (query: Partial<MirrorQuery>) =>
    queryMirror(db, 'builds', { ...BY_VERSION, filter: { app: ['1'] }, limit: 50, now: 1, ...query });
  const idsOf = async (query: Partial<MirrorQuery>) => (await page(query)).data.map(({ id }) => id);
  /** All rows, two at a time, and what each page says of the whole. */
  async function walked(query: Partial<MirrorQuery>) {
    const ids: string[] = [];
    const totals = new Set<number>();
    let cursor: string | undefined;
    do {
      const { data, total, nextCursor } = await page({ ...query, limit: 2, cursor });
      ids.push(...data.map(({ id }) => id));
      totals.add(total);
      cursor = nextCursor;
    } while (cursor !== undefined);
    return { ids, totals: [...totals] };
  }

  it('come newest version first, sorted inside by what was asked', async () => {
    expect(await idsOf({ sort: ['-uploadedDate'] })).toEqual(['b7', 'b6', 'b5', 'b4', 'b3', 'b2', 'b1']);
    expect(await idsOf({ sort: ['-sessions'] })).toEqual(['b7', 'b6', 'b4', 'b5', 'b3', 'b2', 'b1']);
    expect(await idsOf({ sort: ['uploadedDate'] })).toEqual(['b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7']);
    expect(await idsOf({ group: undefined, sort: ['-uploadedDate'] })).toEqual([
      'b2',
      'b7',
      'b6',
      'b5',
      'b4',
      'b3',
      'b1',
    ]);
  });

  it('are told whole in every page, and walked by cursors without a gap', async () => {
    const first = await page({ limit: 2, sort: ['-uploadedDate'] });
    expect(first.groups).toMatchObject([
      {
        id: 'train-1-2.0',
        trainVersion: '2.0',
        platform: 'IOS',
        count: 2,
        newest: { id: 'b7', version: '7' },
      },
    ]);
    expect(first.groups?.[0]?.newest).toMatchObject({ processingState: 'INVALID', isExpired: false });
    const whole = await page({});
    expect(whole.groups?.find(({ id }) => id === 'train-1-1.10')).toMatchObject({
      ...{ count: 3, sessionCount: 100, crashCount: 4 },
    });
    for (const sort of ['-uploadedDate', '-sessions', 'version', '-groups'])
      expect(await walked({ sort: [sort] })).toEqual({ ids: await idsOf({ sort: [sort] }), totals: [7] });
  });

  it('keep one row of each that is closed, and the true total', async () => {
    const oneEach = (ids: readonly string[], trains: readonly (readonly string[])[]) =>
      trains.map((train) => ids.filter((id) => train.includes(id)).length);
    const trains = [
      ['b1', 'b2'],
      ['b3', 'b4', 'b5'],
      ['b6', 'b7'],
    ];
    const some = await walked({ closed: ['train-1-1.10'] });
    expect([oneEach(some.ids, trains), some.totals]).toEqual([[2, 1, 2], [7]]);
    const all = await walked({ closed: ['all'] });
    expect([oneEach(all.ids, trains), all.totals]).toEqual([[1, 1, 1], [7]]);
    const butOne = await walked({ closed: ['all', 'train-1-1.9'] });
    expect([oneEach(butOne.ids, trains), butOne.totals]).toEqual([[2, 1, 1], [7]]);
    // The row that holds a place is one that the filters leave, and the head counts no other.
    const filtered = await page({ closed: ['all'], filter: { app: ['1'], expired: ['true'] } });
    expect([filtered.total, filtered.data.length]).toEqual([2, 1]);
    expect(filtered.groups).toMatchObject([{ count: 2, newest: { id: 'b4', isExpired: true } }]);
  });

  it('of several apps stand by the names of their apps', async () => {
    const { data, groups } = await page({ filter: {} });
    expect(data[0]?.id).toBe('b8of2');
    expect(groups).toHaveLength(4);
    expect((await walked({ filter: {}, sort: ['-uploadedDate'] })).ids).toEqual(data.map(({ id }) => id));
  });

  it('are what previous and next of a build follow', async () => {
    const query = { ...BY_VERSION, filter: { app: ['1'] }, sort: ['-uploadedDate'], now: 1 };
    const { previous, next, place, total } = (await neighboursOf(db, 'builds', query, { id: 'b2' })) ?? {};
    expect([previous?.id, next?.id, place, total]).toEqual(['b3', 'b1', 6, 7]);
  });

  it('know the newest reading of a build however readings and builds come', async () => {
    const reading = (day: string, sessionCount: number, readAt = 1) => ({
      ...{ accountId: ACCOUNT, appId: '1', buildId: 'late', day, readAt, sessionCount, crashCount: 0 },
      ...{ inviteCount: null, installCount: null, feedbackCount: null },
    });
    const sessions = async () =>
      (await db.prisma.build.findFirst({ where: { id: 'late' }, select: { sessionCount: true } }))
        ?.sessionCount;
    await db.write([buildDayStatement(reading('2026-03-02', 5))]);
    const resources = aBuild('late', '1', { train: '0.1' });
    await db.write(
      upsertStatements({ ...{ accountId: ACCOUNT, resources, appId: '1', fetchedAt: 1 }, source: 'sync' }),
    );
    expect(await sessions()).toBe(5);
    await db.write([buildDayStatement(reading('2026-03-01', 4))]);
    expect(await sessions()).toBe(5);
    await db.write([buildDayStatement(reading('2026-03-02', 6, 2))]);
    expect(await sessions()).toBe(6);
    await db.write([buildDayStatement(reading('2026-03-04', 7))]);
    // Read from Apple once more, it keeps what is known.
    await db.write(
      upsertStatements({ ...{ accountId: ACCOUNT, resources, appId: '1', fetchedAt: 2 }, source: 'sync' }),
    );
    expect(await sessions()).toBe(7);
    await db.write([db.build.deleteFrom('builds').where('id', '=', 'late')]);
  });

  it('are refused where a list has none of the name', async () => {
    await expect(page({ group: 'platform' })).rejects.toThrow(MirrorQueryError);
    await expect(page({ group: 'constructor' })).rejects.toThrow(MirrorQueryError);
  });

  it('do not hide which builds a newer one of their version has superseded', async () => {
    const filter = (value: string) => ({ filter: { app: ['1'], isSuperseded: [value] } });
    // A build that was never processed to the end supersedes none; one that has expired can be superseded.
    expect((await idsOf(filter('true'))).toSorted()).toEqual(['b1', 'b3', 'b4']);
    expect((await idsOf(filter('false'))).toSorted()).toEqual(['b2', 'b5', 'b6', 'b7']);
  });
});
