import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

/** One project per kind of test: what may be slow, and what it may touch, differs. */
function project(
  name: string,
  limits: { testTimeout: number; folder?: string; env?: Record<string, string>; globalSetup?: string[] },
) {
  return {
    resolve: { alias: { '@': root.replace(/\/$/, '') } },
    test: {
      name,
      include: [`tests/${limits.folder ?? name}/**/*.test.{ts,tsx,mjs}`],
      exclude: configDefaults.exclude,
      environment: 'node',
      pool: 'forks' as const,
      // An odd offset (+05:45) shows every place that takes local time for UTC.
      env: { TZ: 'Asia/Kathmandu', NEXT_TELEMETRY_DISABLED: '1', ...limits.env },
      testTimeout: limits.testTimeout,
      hookTimeout: 60_000,
      setupFiles: ['tests/setup/loopback-only.ts'],
      globalSetup: limits.globalSetup ?? [],
      unstubGlobals: true,
      restoreMocks: true,
    },
  };
}

/** The same tests with their databases on PostgreSQL. */
function onPostgres(folder: string, testTimeout: number) {
  const globalSetup = ['tests/setup/postgres.mjs'];
  return project(`${folder}-postgres`, {
    folder,
    testTimeout,
    env: { TEST_ENGINE: 'postgres' },
    globalSetup,
  });
}

export default defineConfig({
  test: {
    projects: [
      project('unit', { testTimeout: 10_000 }),
      project('contract', { testTimeout: 60_000 }),
      project('api', { testTimeout: 60_000 }),
      project('store', { testTimeout: 60_000, globalSetup: ['tests/setup/postgres.mjs'] }),
      onPostgres('contract', 60_000),
      onPostgres('api', 60_000),
      project('soak', { testTimeout: 30 * 60_000 }),
    ],
  },
});
