import { afterAll, beforeAll, expect, it } from 'vitest';
import { queryMirror } from '@/lib/mirror/query/list';
import { fold } from '@/lib/mirror/text';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Store } from '@/lib/store/store';
import { aTester } from '../factories/resources';
import { ENGINES } from '../factories/stores';
import { ACCOUNT, addAccount } from '../factories/synced';

/** Parts of names that engines, patterns, alphabets and directions of writing take differently. */
const PARTS = [
  ...[
    'anna',
    'Ann',
    'nna',
    '%',
    '_',
    '\\',
    "'",
    '"',
    '%%%',
    '___',
    '\\\\',
    "''",
    '""',
    '*',
    'a*',
    'AND',
    'NOT x',
  ],
  ...[
    'Müller',
    'MULLER',
    'Σίσυφος',
    'σας',
    'ΣΑΣ',
    'ς',
    'İstanbul',
    'ı',
    'straße',
    'STRASSE',
    'ẞ',
    'ſ',
    'µ',
    'μ',
    'K',
  ],
  ...[
    '佐藤',
    '佐藤美咲',
    '李',
    '한국어',
    '\u1112\u1161\u11ab',
    'й',
    'И\u0306',
    '👩🏽‍🚀',
    '🦊',
    '🦊🦊🦊',
    'שלום',
    '\u202eabc',
    'مرحبا',
  ],
  ...[
    '{1,2}',
    '^a',
    'a|b',
    '(',
    ')',
    '-',
    '.',
    '@',
    ',',
    'x,y',
    '\u00a0',
    '\t',
    'ab',
    'b',
    'o\u0000o',
    'ﬁn',
    '１２３',
  ],
];

let state = 7;
function random(below: number): number {
  state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
  return Math.floor((state / 2 ** 31) * below);
}
const one = <T>(list: readonly T[]): T => list[random(list.length)] as T;
const some = () => Array.from({ length: 1 + random(2) }, () => one(PARTS)).join(one(['', ' ', '-']));

const PEOPLE = Array.from({ length: 400 }, (_, n) => ({
  id: `t${n}`,
  app: n % 2 === 0 ? '1' : '2',
  firstName: n % 9 === 0 ? null : some(),
  lastName: n % 7 === 0 ? null : some(),
  email: n % 11 === 0 ? null : `${some()}@Example.org`,
}));

/** What a person is searched by, told as simply as can be: name and name again, and the address. */
function textsOf({ firstName, lastName, email }: (typeof PEOPLE)[number]): { name: string; address: string } {
  const name = fold([lastName, firstName].filter((part) => part !== null && part !== '').join(' '));
  const shown = (text: string) => text.replaceAll('\0', '\uFFFD');
  const key = shown(name === '' ? '\u{10FFFF}' : name);
  return { name: `${key} ${key}`, address: shown((email ?? '').toLowerCase()) };
}

/** Pieces of what is there, of what stands over a border, and of nothing. */
function typed(): string {
  const { name, address } = textsOf(one(PEOPLE));
  const text = one([name, address, `${name} ${address}`, some(), some()]);
  const letters = [...text];
  const from = random(letters.length);
  const piece = letters.slice(from, from + 1 + random(7)).join('');
  return one([piece, piece, piece.toUpperCase(), ` ${piece}  `]);
}

function expected(search: string, apps: readonly string[]): string[] {
  const wanted = fold(search.trim()).replaceAll('\0', '\uFFFD');
  const plain = wanted
    .replace(/\s*,\s*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const words = plain === '' ? [wanted] : [wanted, plain];
  const isShort = [...wanted].length < 3;
  return PEOPLE.filter((person) => {
    if (!apps.includes(person.app)) return false;
    const { name, address } = textsOf(person);
    if (wanted === '') return true;
    // Across apps a short text is the beginning of an address.
    if (isShort && apps.length > 1) return address.startsWith(wanted);
    const fit = apps.length > 1 ? words.filter((word) => [...word].length >= 3) : words;
    return fit.some((word) => name.includes(word) || address.includes(word));
  }).map(({ id }) => id);
}

const stores: Store[] = [];
beforeAll(async () => {
  for (const { open } of ENGINES) {
    const store = await open();
    stores.push(store);
    await addAccount(store);
    for (const appId of ['1', '2']) {
      const resources = PEOPLE.filter(({ app }) => app === appId).map(({ id, app: _, ...names }) =>
        aTester(id, names),
      );
      await store.write(
        upsertStatements({ accountId: ACCOUNT, resources, appId, fetchedAt: 1, source: 'sync' }),
      );
    }
  }
});
afterAll(() => Promise.all(stores.map((store) => store.close())));

it.each([[['1', '2']], [['1']]])(
  'testers of %j are found by just what they are called, on both engines',
  { timeout: 120_000 },
  async (apps) => {
    const searches = [...PARTS, ...Array.from({ length: 150 }, typed)].filter((text) => text.trim() !== '');
    let found = 0;
    for (const search of searches) {
      const wanted = expected(search, apps);
      found += wanted.length > 0 ? 1 : 0;
      for (const [at, store] of stores.entries()) {
        const filter = apps.length > 1 ? {} : { apps };
        const page = await queryMirror(store, 'betaTesters', { search, filter, limit: 1_000, now: 1 });
        const ids = page.data.map(({ id }) => id);
        expect([ENGINES[at]?.name, search, ids.toSorted(), page.total]).toEqual([
          ENGINES[at]?.name,
          search,
          wanted.toSorted(),
          wanted.length,
        ]);
      }
    }
    expect(found).toBeGreaterThan(searches.length / 4);
  },
);
