import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { filesOnPostgres } from './tests/setup/on-postgres.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));

/** One project per kind of test: what may be slow, and what it may touch, differs. */
function project(
  name: string,
  limits: {
    testTimeout: number;
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
      // Files of one worker share its modules: loading them anew for each file costs as much as the tests.
      isolate: false,
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

/** The same tests with their databases on PostgreSQL: a chosen part, or all of them with WHOLE_ON_POSTGRES=1. */
function onPostgres(folder: string, testTimeout: number) {
  return project(`${folder}-postgres`, {
    include: filesOnPostgres(folder),
    testTimeout,
    env: { TEST_ENGINE: 'postgres' },
    globalSetup: ['tests/setup/postgres.mjs'],
  });
}

/** Files that take longest, the longest first: begun last, one of them would run alone in the end. */
const SLOW = [
  ...['api/import-kill', 'api/surface-parameters', 'reliability/shared-budget', 'store/mirror-reads'],
  ...[
    'reliability/feedback-kill',
    'contract/sync-kill',
    'api/import.',
    'api/command-line',
    'store/copy',
    'reliability/two-workers',
  ],
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
      project('contract', { testTimeout: 120_000 }),
      project('api', { testTimeout: 120_000 }),
      project('store', { testTimeout: 60_000, globalSetup: ['tests/setup/postgres.mjs'] }),
      onPostgres('contract', 120_000),
      onPostgres('api', 120_000),
      project('soak', { testTimeout: 30 * 60_000 }),
    ],
  },
});
