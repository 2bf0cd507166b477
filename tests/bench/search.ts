import { queryMirror } from '@/lib/mirror/query/list';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Database } from '@/lib/store/database';
import { askable } from '@/tests/factories/database';
import type { Engine } from './engine';
import { type BenchOptions, type Metric, median, percentile, worked } from './result';
import { ACCOUNT, freshDatabase } from './store';

const APPS = 50;
const PER_APP = { medium: 2_000, large: 10_000 };
const SEARCHES = 400;

/** Search as people type it, over all testers and inside one app, against a plain look through the table. */
export async function searchMetrics({ engine, program, seed }: BenchOptions): Promise<Metric[]> {
  const random = seeded(seed);
  const db = await freshDatabase(engine);
  const perApp = PER_APP[program];
  await fill(db, perApp, random);
  // As its own housekeeping leaves it a minute after a sync, which nobody waits for here.
  if (engine.name === 'postgres') await askable(db).query('VACUUM ANALYZE');
  const texts = await typed(db, random);
  const samples = sampler(engine);
  const everywhere = await samples(texts, (search) => queryMirror(db, 'betaTesters', { search, limit: 50 }));
  const inApp = await samples(texts, (search) =>
    queryMirror(db, 'betaTesters', { search, filter: { apps: ['app-7'] }, limit: 50 }),
  );
  const plain = askable(db);
  // Both find letters in upper and lower case.
  const isLike = engine.name === 'postgres' ? 'ILIKE' : 'LIKE';
  const like = await samples(texts.slice(0, 40), async (search) => {
    const pattern = `%${search}%`;
    await plain.query(
      `SELECT * FROM betaTesters WHERE firstName ${isLike} ? OR lastName ${isLike} ? OR email ${isLike} ? ORDER BY nameLower LIMIT 50`,
      [pattern, pattern, pattern],
    );
  });
  await db.close();
  const total = APPS * perApp;
  const p95 = percentile(everywhere, 0.95);
  return [
    {
      name: `search over all ${total.toLocaleString('en')} testers, p95 of processor time`,
      value: p95,
      max: 15,
      unit: 'ms',
      how: `${SEARCHES} seeded parts of names and addresses with rows, groups and totals; median ${median(everywhere).toFixed(2)} ms`,
    },
    {
      name: `search inside one app of ${perApp.toLocaleString('en')}, p95 of processor time`,
      value: percentile(inApp, 0.95),
      max: 15,
      unit: 'ms',
      how: `the same texts, sorted by name; median ${median(inApp).toFixed(2)} ms`,
    },
    {
      name: 'LIKE over all testers ÷ search, median',
      value: median(like) / median(everywhere),
      // The aim is for half a million; with fewer a plain look has less to do.
      ...(program === 'large' ? { min: 10 } : {}),
      how: `LIKE takes ${median(like).toFixed(1)} ms for the rows alone`,
    },
  ];
}

/** The processor time of each of some searches, one after another. */
const sampler =
  (engine: Engine) =>
  async (texts: readonly string[], search: (text: string) => Promise<unknown>): Promise<number[]> => {
    const times: number[] = [];
    for (const text of texts) times.push(await worked(engine, () => search(text)));
    return times;
  };

const FIRST = [
  'Anna',
  'Björn',
  'Chloé',
  'Dmitri',
  'Elif',
  'Farid',
  'Grace',
  'Hiroshi',
  'Inés',
  'Jonas',
  '美咲',
  'Liam',
  'Мария',
  'Noor',
  'Zoë',
];
const LAST = [
  'Almeida',
  'Björk',
  'Chen',
  'Dubois',
  'Eriksson',
  'Fischer',
  'García',
  'Haddad',
  'Ivanova',
  'Jovanović',
  'Kim',
  'Lopez',
  'Müller',
  'Nakamura',
  'Okafor',
  '佐藤',
];
const HOST = ['example.com', 'example.org', 'mail.example.net', 'corp.example.com', 'studio.example'];
const STATES = ['INSTALLED', 'INSTALLED', 'ACCEPTED', 'INVITED', 'REVOKED'];

async function fill(db: Database, perApp: number, random: () => number): Promise<void> {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? '';
  const syllables = [
    'ba',
    'ce',
    'di',
    'fo',
    'gu',
    'ka',
    'le',
    'mi',
    'no',
    'ru',
    'sa',
    'te',
    'vi',
    'wo',
    'zu',
  ];
  for (let app = 0; app < APPS; app += 1) {
    for (let from = 0; from < perApp; from += 200) {
      const resources = Array.from({ length: Math.min(200, perApp - from) }, (_, i) => {
        const firstName = pick(FIRST) + pick(syllables);
        const lastName = pick(LAST) + pick(syllables) + pick(syllables);
        const local = `${firstName}.${lastName}`
          .normalize('NFD')
          .replace(/[^a-zA-Z.]/g, '')
          .toLowerCase();
        return {
          type: 'betaTesters',
          id: `${app}-${from + i}-${Math.floor(random() * 1e9).toString(36)}`,
          attributes: {
            firstName,
            lastName,
            email: `${local}${Math.floor(random() * 10_000)}@${pick(HOST)}`,
            inviteType: 'EMAIL',
            state: pick(STATES),
            appDevices: [{ model: 'iPhone17,1', platform: 'IOS', osVersion: '26.1', appBuildVersion: '41' }],
          },
        };
      });
      await db.write(
        upsertStatements({
          accountId: ACCOUNT,
          resources,
          appId: `app-${app}`,
          fetchedAt: 1,
          source: 'sync',
        }),
      );
    }
  }
}

/** Three to twelve characters out of somebody's name or address, as people type them. */
async function typed(db: Database, random: () => number): Promise<string[]> {
  const people = await askable(db).query<{ firstName: string; lastName: string; email: string }>(
    'SELECT firstName, lastName, email FROM betaTesters WHERE rowKey % 997 = 5',
  );
  return Array.from({ length: SEARCHES }, () => {
    const person = people[Math.floor(random() * people.length)];
    const words = [person?.firstName, person?.lastName, person?.email];
    const word = words[Math.floor(random() * 3)] ?? 'anna';
    const length = 3 + Math.floor(random() * 10);
    const from = random() < 0.6 ? 0 : Math.floor(random() * Math.max(1, word.length - length));
    return word.slice(from, from + length);
  });
}

function seeded(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
