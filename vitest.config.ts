import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

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
      setupFiles: ['tests/setup/loopback-only.ts'],
      globalSetup: limits.globalSetup ?? [],
      unstubGlobals: true,
      restoreMocks: true,
    },
  };
}

/**
 * The same tests with their databases on PostgreSQL: those that open one. The rest never meets an engine and runs once.
 * A test that opens SQLite by its driver or asks for its pragmas is about that engine's file.
 */
function onPostgres(folder: string, testTimeout: number) {
  const include = readdirSync(`tests/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
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

export default defineConfig({
  test: {
    experimental: { fsModuleCache: true, fsModuleCachePath: '.build/vitest' },
    projects: [
      project('unit', { testTimeout: 30_000 }),
      project('contract', { testTimeout: 120_000, isolate: false }),
      project('api', { testTimeout: 120_000, isolate: false }),
      project('store', { testTimeout: 60_000, globalSetup: ['tests/setup/postgres.mjs'] }),
      onPostgres('contract', 120_000),
      onPostgres('api', 120_000),
      project('soak', { testTimeout: 30 * 60_000 }),
    ],
  },
});
