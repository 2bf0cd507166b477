import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * What each run tries on PostgreSQL beside its own tests in tests/store, and why: where several write at once, where a
 * write is done once or not at all, where rows are found again by their order, and what is kept for ever.
 * `npm test -- --engine postgres` tries everything.
 * @type {Record<string, string>}
 */
const CHOSEN = {
  'api/activity': 'the trail, its search and its pages',
  'api/archive-keep': 'what is kept and forgotten of the archive',
  'api/drafts': 'drafts and their rows',
  'api/drawings': 'what is drawn, counted and swept',
  'api/feedback-issue': 'issues, their counts and their keyset',
  'api/import-kill': 'the outbox under kills',
  'api/jobs': 'claims, pages of items, control',
  'api/metrics': 'weeks of joining, and first days, as the database counts them',
  'api/live-two': 'what one web process changes is told by another',
  'api/parallel-saves': 'many that write at once',
  'api/people-groups': 'members and counts',
  'api/person':
    'what is found by parts of texts, marks that a sync keeps to, and a trail whose triggers allow one thing',
  'api/people-testers': 'the lists of testers, their searches and filters',
  'api/reliability/store-away': 'a store that goes away and comes back',
  'api/tokens': 'tokens that are made, used and revoked',
  'api/writes': 'intent, outcome, mirror, undo',
  'contract/mirror-holders': 'who holds what, as the sync leaves it',
  'contract/sync-behind-our-back': 'upserts and evictions of a sync',
  'contract/sync-history': 'daily figures of a sync',
  'contract/sync-scoped': 'a sync of a part',
};

/**
 * What opens a database and stays on SQLite in every run, and why.
 * @type {Record<string, string>}
 */
const NEVER = {
  'api/backup': 'about the file of SQLite; tests/store/backup has both engines',
  'api/reliability/budget': 'an hour passes at once in a time of its own; a server takes real time to answer',
  'api/reliability/disk-full': 'the file of SQLite runs full by a pragma',
  'api/reliability/shared-budget': 'as budget: what is tried is Apple’s limit, in a time of its own',
};

/**
 * The files of a folder of tests that run on PostgreSQL; those that never open a database run once, on none.
 * @param {string} folder
 */
export function filesOnPostgres(folder) {
  const files = readdirSync(`tests/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `${folder}/${file.replace('.test.ts', '')}`);
  const gone = [...Object.keys(CHOSEN), ...Object.keys(NEVER)].find(
    (name) => name.startsWith(`${folder}/`) && !files.includes(name),
  );
  if (gone) throw new Error(`tests/setup/on-postgres.ts names tests/${gone}.test.ts, which is not there.`);
  const isWhole = process.env.WHOLE_ON_POSTGRES === '1';
  return files
    .filter((name) => (isWhole ? !(name in NEVER) : name in CHOSEN))
    .map((name) => `tests/${name}.test.ts`)
    .filter((file) => reaches(file, 'tests/factories/database.ts'));
}

/**
 * Whether a file imports another one, itself or through what it imports from the tests.
 * @param {string} file
 * @param {string} wanted
 * @param {Set<string>} seen
 * @returns {boolean}
 */
function reaches(file, wanted, seen = new Set()) {
  if (file === wanted) return true;
  if (seen.has(file)) return false;
  seen.add(file);
  const imported = [...readFileSync(file, 'utf8').matchAll(/from '((?:@\/tests|\.\.?)\/[^']+)'/g)].map(
    ([, name = '']) =>
      `${name.startsWith('@/') ? name.slice(2) : path.join(path.dirname(file), name)}.ts`.replace(
        /\.ts\.ts$/,
        '.ts',
      ),
  );
  return imported.some((next) => next.startsWith('tests/') && reaches(next, wanted, seen));
}
