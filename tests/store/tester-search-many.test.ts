import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryMirror } from '@/lib/mirror/query/list';
import type { MirrorQuery } from '@/lib/mirror/query/types';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Store } from '@/lib/store/store';
import { aTester } from '@/tests/factories/resources';
import { ENGINES } from '@/tests/factories/stores';
import { ACCOUNT, addAccount } from '@/tests/factories/synced';

const APPS = ['1', '2', '3'];
const FIRST = ['Anna', 'Ben', 'Chen', 'Dora', 'Emil'];
/** More than are sorted by their rows. */
const MANY = 10_200;

interface Person {
  readonly id: string;
  readonly app: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

const person = (at: number, firstName: string, lastName: string, email: string): Person => ({
  ...{ id: `t${at}`, app: APPS[at % APPS.length] ?? '', firstName, lastName },
  email: `${email}${at}@example.com`,
});

/** Many whose name begins with `okaf`, some in whose first name or address it stands, and others around them. */
const PEOPLE: readonly Person[] = [
  ...Array.from({ length: MANY }, (_, at) =>
    person(at, FIRST[at % 5] ?? '', `Okafor${(at * 7919) % 997}`, 'somebody'),
  ),
  ...Array.from({ length: 60 }, (_, n) => person(MANY + n, 'Okafe', `${n % 2 ? 'Zimt' : 'Berg'}${n}`, 'of')),
  ...Array.from({ length: 60 }, (_, n) => person(MANY + 60 + n, 'Finn', `Moor${n}`, 'first.okaf')),
  ...Array.from({ length: 300 }, (_, n) => person(MANY + 120 + n, 'Gil', `Lund${n}`, 'gil')),
];

const keyOf = ({ lastName, firstName, email }: Person) =>
  `${lastName.toLowerCase()} ${firstName.toLowerCase()}\0${email}`;
const sortedIds = (people: readonly Person[]) =>
  people
    .map((one) => ({ id: one.id, key: keyOf(one) }))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ id }) => id);
const holding = (text: string) =>
  PEOPLE.filter(({ firstName, lastName, email }) =>
    [`${lastName} ${firstName}`.toLowerCase(), email].some((part) => part.includes(text)),
  );

describe.each(ENGINES)('a search that many names begin with, on $name', ({ name, open }) => {
  let db: Store;
  beforeAll(async () => {
    db = await open();
    await addAccount(db);
    for (const appId of APPS) {
      const own = PEOPLE.filter(({ app }) => app === appId);
      for (let from = 0; from < own.length; from += 1_000) {
        const resources = own
          .slice(from, from + 1_000)
          .map(({ id, firstName, lastName, email }) => aTester(id, { firstName, lastName, email }));
        await db.write(
          upsertStatements({ accountId: ACCOUNT, resources, appId, fetchedAt: 1, source: 'sync' }),
        );
      }
    }
    if (name === 'PostgreSQL') await db.read(CompiledQuery.raw('VACUUM ANALYZE'));
  }, 120_000);
  afterAll(() => db.close());

  const ids = async (query: Partial<MirrorQuery>) => {
    const page = await queryMirror(db, 'betaTesters', { limit: 50, now: 1, search: 'okaf', ...query });
    return { ids: page.data.map(({ id }) => id), nextCursor: page.nextCursor };
  };

  it.each([
    ['upwards', 'name'],
    ['downwards', '-name'],
  ])('gives page after page %s, as if all were sorted', async (_, sort) => {
    const expected = sort === 'name' ? sortedIds(holding('okaf')) : sortedIds(holding('okaf')).toReversed();
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 6; page += 1) {
      const got = await ids({ sort: [sort], ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...got.ids);
      cursor = got.nextCursor;
    }
    expect(seen).toEqual(expected.slice(0, 300));
    const far = expected.length - 70;
    const last = await ids({ sort: [sort], offset: far, limit: 100 });
    expect(last.ids).toEqual(expected.slice(far));
    expect(last.nextCursor).toBeUndefined();
  });

  it('gives only those who begin so where nobody else is meant', async () => {
    const expected = sortedIds(holding('okafo'));
    expect(expected).toHaveLength(MANY);
    expect((await ids({ search: 'Okafo' })).ids).toEqual(expected.slice(0, 50));
    expect((await ids({ search: 'okafo', offset: 77 })).ids).toEqual(expected.slice(77, 127));
  });

  it('finds by a part that stands in the middle of as many, and in other orders', async () => {
    const inner = sortedIds(holding('kafo'));
    expect((await ids({ search: 'kafo' })).ids).toEqual(inner.slice(0, 50));
    const byAddress = holding('okaf').toSorted((one, other) => (one.email < other.email ? -1 : 1));
    expect((await ids({ sort: ['email'] })).ids).toEqual(byAddress.slice(0, 50).map(({ id }) => id));
  });

  it('keeps to the apps and states that are asked for', async () => {
    const some = holding('okaf').filter(({ app }) => app !== '3');
    const got = await ids({ filter: { apps: ['1', '2'] }, limit: 100 });
    expect(got.ids).toEqual(sortedIds(some).slice(0, 100));
    expect((await ids({ filter: { state: ['REVOKED'] } })).ids).toEqual([]);
  });
});
