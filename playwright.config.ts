import { defineConfig } from '@playwright/test';
import { foundChromium } from './scripts/lib/chromium.mjs';
import type { Engine } from './tests/e2e/setup/database';

process.env.TZ = 'Asia/Kathmandu';

/** What is tried on PostgreSQL too: what several processes do. What pages ask for is held by the api and store tests. */
const ON_POSTGRES = ['first-run', 'jobs', 'shutdown'].map((name) => `**/${name}.spec.ts`);
/** What only PostgreSQL can do. */
const ONLY_ON_POSTGRES = ['**/several-processes.spec.ts'];
/** What mostly waits: for jobs, for limits to pass, for processes to come back. It goes beside what keeps the cores busy. */
const WAITING = [
  'bad-days',
  'feedback-live',
  'processes',
  'ship',
  'ship-decisions',
  'ship-templates',
  'webhooks',
].map((name) => `**/${name}.spec.ts`);

/** Real Chromium on the production build; each worker has a Flightdeck and a sandbox of its own. */
export default defineConfig<object, { engine: Engine }>({
  testDir: 'tests/e2e',
  globalSetup: './tests/e2e/setup/postgres.mjs',
  // Those with the longest files first: begun last, such a file would run alone in the end.
  projects: [
    { name: 'waiting', testMatch: WAITING, workers: 1 },
    {
      ...{ name: 'postgres', testMatch: [...ON_POSTGRES, ...ONLY_ON_POSTGRES], workers: 1 },
      use: { engine: 'postgres' },
    },
    { name: 'sqlite', testIgnore: [...ONLY_ON_POSTGRES, ...WAITING], workers: 2 },
  ],
  outputDir: 'test-results',
  forbidOnly: true,
  fullyParallel: false,
  workers: 3,
  // A machine shared with others may stall once; a test that needed the second try is named in the summary.
  retries: process.env.CI ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Asia/Kathmandu',
    // Pages are tried as they come from the server; what stands between is tried on its own (installable.spec.ts).
    serviceWorkers: 'block',
    // What keeps each step of a page costs a third of the whole, so only the second try of what failed is kept.
    trace: { mode: 'on-first-retry', screenshots: false },
    screenshot: 'only-on-failure',
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? foundChromium() ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Nothing but this machine has a name.
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      ],
    },
  },
});
