import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const root = fileURLToPath(new URL('.', import.meta.url));

/** One project per kind of test: what may be slow, and what it may touch, differs. */
function project(
  name: string,
  limits: {
    testTimeout: number;
    isolate?: boolean;
    include?: string[];
    env?: Record<string, string>;
    globalSetup?: string[];
  },
) {
  return {
    resolve: { alias: { '@': root.replace(/\/$/, '') } },
    test: {
      name,
      include: limits.include ?? [`tests/${name}/**/*.test.{ts,tsx,mjs}`],
      exclude: configDefaults.exclude,
      environment: 'node',
      pool: 'forks' as const,
      isolate: limits.isolate ?? true,
      // An odd offset (+05:45) shows every place that takes local time for UTC.
      env: { TZ: 'Asia/Kathmandu', NEXT_TELEMETRY_DISABLED: '1', ...limits.env },
      testTimeout: limits.testTimeout,
      hookTimeout: 60_000,
      // What is waited for comes soon, but not on a machine that has others to serve.
      expect: { poll: { timeout: 15_000 } },
      setupFiles: ['tests/setup/loopback-only.ts'],
      globalSetup: limits.globalSetup ?? [],
      unstubGlobals: true,
      restoreMocks: true,
    },
  };
}

/**
 * The same tests with their databases on PostgreSQL: those that open one. The rest never meets an engine and runs once.
 * A test that opens SQLite by its driver or asks for its pragmas is about that engine's file. Those of a whole hour's
 * budget live in a time of their own, which passes at once: a server's answers, and its limits, take real time.
 */
function onPostgres(folder: string, testTimeout: number, which = /^(?!.*budget)/) {
  const include = readdirSync(`tests/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && which.test(file))
    .map((file) => `tests/${folder}/${file}`)
    .filter((file) => reaches(file, 'tests/factories/database.ts'))
    .filter((file) => !/from 'better-sqlite3'|PRAGMA /.test(readFileSync(file, 'utf8')));
  return project(`${folder}-postgres`, {
    include,
    isolate: false,
    testTimeout,
    env: { TEST_ENGINE: 'postgres' },
    globalSetup: ['tests/setup/postgres.mjs'],
  });
}

/** Whether a file imports another one, itself or through what it imports from the tests. */
function reaches(file: string, wanted: string, seen = new Set<string>()): boolean {
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

/** Files that take longest, the longest first: begun last, one of them would run alone in the end. */
const SLOW = [
  ...['api/import-kill', 'api/surface-parameters', 'reliability/shared-budget', 'store/mirror-reads'],
  ...['contract/sync-kill', 'api/import.', 'api/command-line', 'store/copy', 'reliability/two-workers'],
];

/** The slow ones first, then one project after another: a worker keeps its modules for the files of one project. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = SLOW.findIndex((part) => moduleId.includes(part));
      return at < 0 ? SLOW.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: SlowFirst },
    experimental: { fsModuleCache: true, fsModuleCachePath: '.build/vitest' },
    projects: [
      project('unit', { testTimeout: 30_000 }),
      project('contract', { testTimeout: 120_000, isolate: false }),
      project('api', { testTimeout: 120_000, isolate: false }),
      project('store', { testTimeout: 60_000, globalSetup: ['tests/setup/postgres.mjs'] }),
      // What the client and the sandbox say to each other knows no database: the sync is what is left.
      onPostgres('contract', 120_000, /^sync-/),
      onPostgres('api', 120_000),
      project('soak', { testTimeout: 30 * 60_000 }),
    ],
  },
});
