import { defineConfig } from '@playwright/test';
import type { EngineName } from './setup/test';

/**
 * The main paths in the engines that the other browser tests do not have. Playwright runs the tests and waits for what
 * they expect; the browsers are those of the system, so it does not drive them: see setup/tab.ts.
 */
export default defineConfig<object, { engine: EngineName }>({
  projects: [
    { name: 'webkit', use: { engine: 'webkit' } },
    { name: 'firefox', use: { engine: 'firefox' } },
  ],
  outputDir: '../../test-results/browsers',
  forbidOnly: true,
  // Those of one engine share a browser; the engines follow each other.
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
});
