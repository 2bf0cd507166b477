import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DuplicateError, StaleWriteError } from '@/lib/store/errors';
import { fold } from '@/lib/store/fold';
import { acquireLease, LEASE_MS, LeaseLostError, releaseLease, writeUnderLease } from '@/lib/store/lease';
import { forms, shape } from '@/lib/store/shape';
import { exactly, type Store } from '@/lib/store/store';
import { ENGINES } from '@/tests/factories/stores';

const USED = [
  'settings',
  'betaTesters',
  'betaTesterCounts',
  'savedViews',
  'appIcons',
  'jobs',
  'leases',
] as const;

const setting = (key: string, value = '', updatedAt = 1) => ({ key, value, updatedAt });
const job = (id: string, createdAt: number, status = 'queued') => ({
  ...{ id, createdAt, status, updatedAt: createdAt },
  ...{ kind: 'invite', title: id, params: '{}' },
});
const tester = (
  id: string,
  more: { state?: string | null; nameLower?: string | null; emailLower?: string | null },
) => ({
  ...{ id, accountId: 'a', appId: 'app', document: '{}', generation: 1, fetchedAt: 1 },
  ...more,
});

describe.each(ENGINES)('the store on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());
  afterEach(() => store.write(USED.map((table) => store.build.deleteFrom(table))));

  const settings = () => store.read(store.build.selectFrom('settings').selectAll().orderBy('key'));
  const insert = (...rows: ReturnType<typeof setting>[]) => store.build.insertInto('settings').values(rows);

  describe('write', () => {
    it('commits all together and tells the changed rows of each', async () => {
      const changes = await store.write([
        insert(setting('a'), setting('b')),
        store.build.updateTable('settings').set({ value: 'x' }),
        store.build.deleteFrom('settings').where('key', '=', 'nobody'),
      ]);
      expect(changes).toEqual([2, 2, 0]);
      expect(await settings()).toEqual([setting('a', 'x'), setting('b', 'x')]);
    });

    it('leaves nothing behind when one part fails, and works on afterwards', async () => {
      await store.write([insert(setting('a'))]);
      await expect(store.write([insert(setting('b')), insert(setting('a'))])).rejects.toBeInstanceOf(
        DuplicateError,
      );
      expect(await settings()).toEqual([setting('a')]);
      await store.write([insert(setting('b'))]);
      expect(await settings()).toHaveLength(2);
    });

    it('leaves nothing behind when a part changes another number of rows than it must', async () => {
      const none = store.build.updateTable('leases').set({ expiresAt: 1 }).where('name', '=', 'nobody');
      await expect(store.write([insert(setting('a')), exactly(1, none)])).rejects.toBeInstanceOf(
        StaleWriteError,
      );
      expect(await settings()).toEqual([]);
    });

    it('lets one of many that insist on the same row through', async () => {
      await store.write([insert(setting('turn', '0'))]);
      const take = (value: string) =>
        store.write([
          exactly(
            1,
            store.build
              .updateTable('settings')
              .set({ value })
              .where('key', '=', 'turn')
              .where('value', '=', '0'),
          ),
        ]);
      const all = await Promise.allSettled(['1', '2', '3', '4', '5', '6'].map(take));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of all)
        if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(StaleWriteError);
    });

    it('does all of many writes at once that touch the same rows in opposite order', async () => {
      await store.write([insert(setting('a', '0'), setting('b', '0'))]);
      const touch = (key: string, value: string) =>
        store.build.updateTable('settings').set({ value }).where('key', '=', key);
      const there = (n: number) =>
        store.write([touch('a', `${n}`), touch('b', `${n}`)], { patienceMs: 20_000 });
      const back = (n: number) =>
        store.write([touch('b', `${n}`), touch('a', `${n}`)], { patienceMs: 20_000 });
      await Promise.all([1, 2, 3, 4].flatMap((n) => [there(n), back(-n)]));
      const [a, b] = await settings();
      expect(a?.value).toBe(b?.value);
    });

    it('replaces what is there by its key, and says which rows it gave', async () => {
      await store.write([insert(setting('a', 'old'), setting('b', 'old'))]);
      const upsert = insert(setting('b', 'new'), setting('c', 'new'))
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet((row) => ({ value: row.ref('excluded.value') })),
        )
        .returning(['key', 'value']);
      const rows = await store.change(upsert);
      expect(rows.toSorted((x, y) => x.key.localeCompare(y.key))).toEqual([
        { key: 'b', value: 'new' },
        { key: 'c', value: 'new' },
      ]);
      expect((await settings()).map(({ value }) => value)).toEqual(['old', 'new', 'new']);
    });

    it('refuses what no column holds', async () => {
      const nothing = store.build
        .selectFrom('settings')
        .selectAll()
        .where('key', '=', undefined as unknown as string);
      await expect(store.read(nothing)).rejects.toBeInstanceOf(TypeError);
    });
  });

  describe('rows', () => {
    it('come with instants and sums as numbers and booleans as 0 and 1', async () => {
      await store.write([
        store.build.insertInto('savedViews').values([
          {
            id: '1',
            page: 'p',
            name: 'n',
            query: '',
            shared: 1,
            ownerId: 'o',
            createdAt: 1_764_000_000_000,
            updatedAt: 1,
          },
          { id: '2', page: 'p', name: 'n', query: '', shared: 0, ownerId: 'o', createdAt: 2, updatedAt: 1 },
        ]),
      ]);
      const views = store.build.selectFrom('savedViews');
      expect(await store.read(views.select(['createdAt', 'shared']).where('shared', '=', 1))).toEqual([
        { createdAt: 1_764_000_000_000, shared: 1 },
      ]);
      const sums = views.select(({ fn }) => [
        fn.countAll<number>().as('n'),
        fn.sum<number>('createdAt').as('sum'),
        fn.avg<number>('updatedAt').as('mean'),
      ]);
      expect(await store.read(sums)).toEqual([{ n: 2, sum: 1_764_000_000_002, mean: 1 }]);
    });

    it('keep bytes and any text', async () => {
      const bytes = Buffer.from([0, 255, 128]);
      const icon = { accountId: 'a', appId: 'b', templateUrl: '', contentType: null, bytes, fetchedAt: 1 };
      const hostile = 'a\'b"c\\d %_ {x} $1 ? 🦊 \u202e \u{10ffff}';
      await store.write([store.build.insertInto('appIcons').values(icon), insert(setting(hostile, hostile))]);
      const [kept] = await store.read(store.build.selectFrom('appIcons').select('bytes'));
      expect(Buffer.from(kept?.bytes ?? []).equals(bytes)).toBe(true);
      expect(await settings()).toEqual([setting(hostile, hostile)]);
    });

    it('hold what no text holds as the replacement character, also where it is asked for', async () => {
      await store.write([insert(setting('a\0', 'x\0y\ud800'))]);
      expect(await settings()).toEqual([setting('a\uFFFD', 'x\uFFFDy\uFFFD')]);
      const { build, dialect } = store;
      const asked = build.selectFrom('settings').select('key');
      expect(await store.read(asked.where('key', '=', 'a\0'))).toHaveLength(1);
      expect(await store.read(asked.where(({ ref }) => dialect.among(ref('key'), ['a\0'])))).toHaveLength(1);
    });

    it('give a field of a JSON text', async () => {
      await store.write([insert(setting('a', '{"it\'s":"so","n":null}'), setting('b', '{}'))]);
      const field = (name: string) =>
        store.read(
          store.build
            .selectFrom('settings')
            .select(({ ref }) => store.dialect.jsonField(ref('value'), name).as('field'))
            .orderBy('key'),
        );
      expect(await field("it's")).toEqual([{ field: 'so' }, { field: null }]);
      expect(await field('n')).toEqual([{ field: null }, { field: null }]);
    });
  });

  describe('lists in one parameter', () => {
    it('are sources of rows and sets of numbers, of any content', async () => {
      const rows = [
        ['a"b', "c'd", '\\'],
        ['{x}', '🦊', ''],
      ];
      const source = store.dialect.listed(rows, ['first', 'second', 'Third']);
      const found = sql<object>`SELECT l.* FROM ${source} AS l ORDER BY l."first"`;
      expect(await store.read(found.compile(store.build))).toEqual([
        { first: 'a"b', second: "c'd", Third: '\\' },
        { first: '{x}', second: '🦊', Third: '' },
      ]);
      await store.write([insert(setting('a', '', 1), setting('b', '', 2), setting('c', '', 3))]);
      const among = (list: number[]) =>
        store.build
          .selectFrom('settings')
          .select('key')
          .where(({ ref }) => store.dialect.amongNumbers(ref('updatedAt'), list))
          .orderBy('key');
      expect(await store.read(among([3, 1, 9]))).toEqual([{ key: 'a' }, { key: 'c' }]);
      expect(await store.read(among([]))).toEqual([]);
    });

    it('stand in a shape by their place', async () => {
      const byKeys = shape((build, given: { keys: readonly string[] }, { among }) =>
        build
          .selectFrom('settings')
          .select('key')
          .where(({ ref }) => among(ref('key'), given.keys))
          .orderBy('key'),
      );
      await store.write([insert(setting('a'), setting('b'))]);
      expect(await store.read(byKeys({ keys: ['a', 'c'] }))).toEqual([{ key: 'a' }]);
      expect(await store.read(byKeys({ keys: ['b', 'a'] }))).toEqual([{ key: 'a' }, { key: 'b' }]);
    });
  });

  it('opens a JSON list into rows, whatever its texts hold, and puts texts of a group together', async () => {
    const { members, memberField, together, greatest } = store.dialect;
    const devices = [
      { model: 'a\0b' },
      { model: 'half \ud83d' },
      { other: 1 },
      { model: 'x' },
      { model: 'x' },
    ];
    await store.write([insert(setting('a', JSON.stringify(devices)), setting('b', '[]'))]);
    const model = memberField('d', 'model');
    const counts = sql<{
      n: number;
      known: number;
      models: string;
    }>`SELECT COUNT(*) AS n, COUNT(${model}) AS known,
      ${together(sql`CASE WHEN ${model} = 'x' THEN ${model} END`)} AS models
      FROM "settings" AS s JOIN ${members(sql`s."value"`, 'd')} ON 1 = 1`;
    expect(await store.read(counts.compile(store.build))).toEqual([{ n: 5, known: 4, models: 'x' }]);
    const most = sql<{
      most: string;
    }>`SELECT ${greatest([sql`"key"`, sql`'ab'`, sql`''`])} AS most FROM "settings" ORDER BY "key"`;
    expect(await store.read(most.compile(store.build))).toEqual([{ most: 'ab' }, { most: 'b' }]);
  });

  describe('order', () => {
    const NAMES = [
      'a',
      'B',
      'ä',
      'z',
      'Z',
      '10',
      '9',
      '~',
      '_',
      'é',
      '',
      '漢',
      '🦊',
      '\uffee',
      'a b',
      'a-b',
      'ab',
    ];

    it('is by code points, with NULL where the query says', async () => {
      const rows = [
        ...NAMES.map((nameLower, n) => tester(`${n}`, { nameLower })),
        tester('null', { nameLower: null }),
      ];
      await store.write([store.build.insertInto('betaTesters').values(rows)]);
      const names = async (nulls: 'nullsFirst' | 'nullsLast') => {
        const query = store.build.selectFrom('betaTesters').select('nameLower');
        const ordered = await store.read(query.orderBy('nameLower', (by) => by.asc()[nulls]()));
        return ordered.map(({ nameLower }) => nameLower);
      };
      const byCodePoint = NAMES.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(await names('nullsLast')).toEqual([...byCodePoint, null]);
      expect(await names('nullsFirst')).toEqual([null, ...byCodePoint]);
    });

    it('lets a keyset cursor walk over every row once', async () => {
      const rows = Array.from({ length: 37 }, (_, n) =>
        tester(`${n}`, { nameLower: n % 5 === 0 ? null : (NAMES[n % 7] ?? '') }),
      );
      await store.write([store.build.insertInto('betaTesters').values(rows)]);
      const page = (after: { nameLower: string | null; id: string } | undefined) => {
        let query = store.build.selectFrom('betaTesters').select(['nameLower', 'id']);
        if (after) {
          const { nameLower, id } = after;
          query = query.where((is) =>
            nameLower === null
              ? is.and([is('nameLower', 'is', null), is('id', '>', id)])
              : is.or([
                  is('nameLower', '>', nameLower),
                  is('nameLower', 'is', null),
                  is.and([is('nameLower', '=', nameLower), is('id', '>', id)]),
                ]),
          );
        }
        return store.read(
          query
            .orderBy('nameLower', (by) => by.asc().nullsLast())
            .orderBy('id')
            .limit(4),
        );
      };
      const seen: string[] = [];
      for (let rest = await page(undefined); rest.length > 0; rest = await page(rest.at(-1))) {
        seen.push(...rest.map(({ id }) => id));
      }
      expect(seen).toHaveLength(37);
      expect(new Set(seen).size).toBe(37);
    });
  });

  describe('text', () => {
    const WORDS = [
      'Müller',
      'ÅNGSTRÖM',
      'Łódź',
      'Straße',
      'İstanbul',
      'ΑΘΗΝΑ',
      'Привет',
      'ひらがな',
      'e\u0301',
      '𝐀',
      'ÇĞ',
      '',
      '한국',
    ];

    it('is folded as fold does it', async () => {
      await store.write([insert(...WORDS.map((word, n) => setting(`${n}`.padStart(2, '0'), word)))]);
      const folded = store.build
        .selectFrom('settings')
        .select(({ ref }) => store.dialect.folded(ref('value')).as('folded'))
        .orderBy('key');
      expect((await store.read(folded)).map((row) => row.folded)).toEqual(WORDS.map(fold));
    });

    it('is found within another letter by letter', async () => {
      await store.write([insert(setting('a', '50% off_x'), setting('b', '50 off'), setting('c', 'a\\b'))]);
      const holding = async (part: string) => {
        const query = store.build.selectFrom('settings').select('key');
        const rows = await store.read(
          query.where(({ ref }) => store.dialect.contains(ref('value'), part)).orderBy('key'),
        );
        return rows.map(({ key }) => key).join('');
      };
      expect(await holding('50')).toBe('ab');
      expect(await holding('0%')).toBe('a');
      expect(await holding('f_')).toBe('a');
      expect(await holding('\\')).toBe('c');
    });

    it('is one of a list of any length and content', async () => {
      const odd = ['a"b', "a'b", 'a\\b', '{x}', 'a,b', '', 'NULL', '🦊'];
      await store.write([insert(...odd.map((key) => setting(key)), setting('other'))]);
      const among = (list: readonly string[]) =>
        store.read(
          store.build
            .selectFrom('settings')
            .select('key')
            .where(({ ref }) => store.dialect.among(ref('key'), list)),
        );
      expect(await among([...odd, ...Array.from({ length: 40_000 }, (_, n) => `missing-${n}`)])).toHaveLength(
        odd.length,
      );
      expect(await among([])).toEqual([]);
    });
  });

  describe('testers', () => {
    const keysOf = async (texts: readonly string[]) => {
      const query = store.build
        .selectFrom('betaTesters')
        .select('id')
        .where('rowKey', 'in', store.dialect.testersWith(texts))
        .orderBy('id');
      return (await store.read(query)).map(({ id }) => id);
    };

    it('are found by a part of their name in either order, or of their address, also after a change', async () => {
      await store.write([
        store.build
          .insertInto('betaTesters')
          .values([
            tester('1', { nameLower: 'adams declan', emailLower: 'dec@x.org' }),
            tester('2', { nameLower: 'adamson eve', emailLower: '100%_"eve"@x.org' }),
            tester('3', { nameLower: null, emailLower: null }),
          ]),
      ]);
      expect(await keysOf(['adams'])).toEqual(['1', '2']);
      expect(await keysOf(['declan adams'])).toEqual(['1']);
      expect(await keysOf(['0%_"e'])).toEqual(['2']);
      expect(await keysOf(['dec@', 'eve"'])).toEqual(['1', '2']);
      await store.write([
        store.build.updateTable('betaTesters').set({ nameLower: 'miller' }).where('id', '=', '1'),
      ]);
      expect(await keysOf(['adams'])).toEqual(['2']);
      await store.write([store.build.deleteFrom('betaTesters').where('id', '=', '2')]);
      expect(await keysOf(['adams'])).toEqual([]);
      expect(await keysOf(['mill'])).toEqual(['1']);
    });

    it('are counted by state while they come, change and go', async () => {
      const counts = async () => {
        const query = store.build
          .selectFrom('betaTesterCounts')
          .select(['state', 'count'])
          .where('count', '>', 0);
        const rows = await store.read(query.orderBy('state'));
        return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
      };
      const many = [
        tester('1', { state: 'INVITED' }),
        tester('2', { state: 'INVITED' }),
        tester('3', { state: null }),
      ];
      await store.write([store.build.insertInto('betaTesters').values(many)]);
      expect(await counts()).toEqual({ '': 1, INVITED: 2 });
      const testers = store.build.updateTable('betaTesters');
      await store.write([testers.set({ state: 'INSTALLED' }).where('id', 'in', ['1', '3'])]);
      expect(await counts()).toEqual({ INVITED: 1, INSTALLED: 2 });
      await store.write([store.build.deleteFrom('betaTesters').where('id', '=', '1')]);
      expect(await counts()).toEqual({ INVITED: 1, INSTALLED: 1 });
    });
  });

  it('keeps the trail of what was done from being changed', async () => {
    const entry = {
      id: 'e',
      at: 1,
      action: 'update',
      type: 'apps',
      status: 'pending',
      previousHash: '0',
      hash: '1',
    };
    await store.write([store.build.insertInto('auditEntries').values(entry)]);
    const trail = store.build.updateTable('auditEntries');
    await expect(store.write([trail.set({ action: 'delete' })])).rejects.toThrow(
      'The audit trail is append-only.',
    );
    await expect(store.write([store.build.deleteFrom('auditEntries')])).rejects.toThrow('append-only');
    expect(await store.write([trail.set({ status: 'succeeded' })])).toEqual([1]);
    await expect(store.write([trail.set({ status: 'failed' })])).rejects.toThrow('already known');
  });

  describe('a shape', () => {
    it('is made once and asked with many values', async () => {
      let made = 0;
      const byKey = shape((build, given: { key: string; least: number }) => {
        made += 1;
        return build
          .selectFrom('settings')
          .select('value')
          .where('key', '=', given.key)
          .where('updatedAt', '>=', given.least);
      });
      await store.write([insert(setting('a', 'A', 5), setting('b', 'B', 6))]);
      expect(await store.read(byKey({ key: 'a', least: 5 }))).toEqual([{ value: 'A' }]);
      expect(await store.read(byKey({ key: 'b', least: 5 }))).toEqual([{ value: 'B' }]);
      expect(await store.read(byKey({ key: 'b', least: 7 }))).toEqual([]);
      expect(made).toBe(1);
    });
  });

  describe('forms', () => {
    it('are made once for each wording, with places for single values and for each of a list', async () => {
      let made = 0;
      const found = forms();
      const keysOf = (keys: readonly string[], least: number) =>
        found(`${keys.length}`, { keys, least }, (build, at) => {
          made += 1;
          return build
            .selectFrom('settings')
            .select('value')
            .where('key', 'in', at.keys)
            .where('updatedAt', '>=', at.least)
            .orderBy('key');
        });
      await store.write([insert(setting('a', 'A', 5), setting('b', 'B', 6))]);
      expect(await store.read(keysOf(['a'], 5))).toEqual([{ value: 'A' }]);
      expect(await store.read(keysOf(['b'], 5))).toEqual([{ value: 'B' }]);
      expect(await store.read(keysOf(['a', 'b'], 5))).toEqual([{ value: 'A' }, { value: 'B' }]);
      expect(await store.read(keysOf(['b', 'a'], 6))).toEqual([{ value: 'B' }]);
      expect(made).toBe(2);
    });
  });

  it.each([
    ['reads', () => store.read(store.build.selectFrom('settings').select('key'))],
    ['writes', () => store.write([store.build.deleteFrom('settings').where('key', '=', 'no')])],
  ])('lets others have a turn between %s that follow each other', async (_what, once) => {
    let hadTurn = false;
    setImmediate(() => {
      // The next one: what was already waiting when the chain began proves nothing.
      setTimeout(() => {
        hadTurn = true;
      }, 0);
    });
    let rounds = 0;
    while (!hadTurn && rounds < 50_000) {
      rounds += 1;
      await once();
    }
    expect(hadTurn).toBe(true);
  });

  it('refuses queries that execute themselves', async () => {
    await expect(store.build.selectFrom('settings').selectAll().execute()).rejects.toThrow(
      'read, write and change',
    );
  });

  describe('claims', () => {
    it('give each waiting row to one of many that ask at once', async () => {
      await store.write([
        store.build.insertInto('jobs').values(Array.from({ length: 12 }, (_, n) => job(`${n}`, n))),
      ]);
      const claim = () => {
        const next = store.build
          .selectFrom('jobs')
          .select('id')
          .where('status', '=', 'queued')
          .orderBy('createdAt')
          .limit(2);
        const taken = store.build.updateTable('jobs').set({ status: 'running' });
        return store.change(taken.where('id', 'in', store.dialect.skipLocked(next)).returning('id'));
      };
      const claimed = (await Promise.all(Array.from({ length: 6 }, claim))).flat().map(({ id }) => id);
      const rest: string[] = [];
      // Who asks while all that is left is being taken gets nothing, and asks again.
      for (let more = await claim(); more.length > 0; more = await claim())
        rest.push(...more.map(({ id }) => id));
      const all = [...claimed, ...rest];
      expect(all).toHaveLength(12);
      expect(new Set(all).size).toBe(12);
    });
  });

  describe('a lease', () => {
    const NOW = 1_000_000;

    it('has one owner among many that ask at once, then the next with a higher token', async () => {
      const owners = Array.from({ length: 8 }, (_, n) => `elsewhere-${n}/1/boot.1/x`);
      const taken = await Promise.all(owners.map((owner) => acquireLease(store, 'sync', owner, NOW)));
      const [lease, ...others] = taken.filter((each) => each !== null);
      expect(others).toEqual([]);
      if (!lease) throw new Error('Nobody got the lease.');
      expect(await acquireLease(store, 'sync', 'late/1/boot.1/x', NOW + LEASE_MS - 1)).toBeNull();
      const next = await acquireLease(store, 'sync', 'late/1/boot.1/x', NOW + LEASE_MS + 1);
      expect(next).toMatchObject({ token: lease.token + 1 });
      await expect(writeUnderLease(store, lease, NOW, [insert(setting('late'))])).rejects.toBeInstanceOf(
        LeaseLostError,
      );
      expect(await settings()).toEqual([]);
    });

    it('is free at once when it is given back', async () => {
      const lease = await acquireLease(store, 'sync', 'a/1/boot.1/x', NOW);
      if (!lease) throw new Error('The lease was free.');
      await writeUnderLease(store, lease, NOW, [insert(setting('mine'))]);
      await releaseLease(store, lease);
      expect(await acquireLease(store, 'sync', 'b/1/boot.1/x', NOW)).toMatchObject({ token: 2 });
      expect(await settings()).toHaveLength(1);
    });
  });
});
