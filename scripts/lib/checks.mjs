import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { missingPlatforms } from './lockfile.mjs';
import { inRoot, quietEnv, tool } from './place.mjs';
import { runNode } from './run.mjs';

/**
 * The parts of the gate. Each gives `{passed, failed, why?, output?, names?}`, `names` with a line for each test that did
 * not pass at once; a part that cannot run is a failure.
 * `lane`: parts of one lane run after another, the lanes beside each other.
 */
export const STATIC_CHECKS = [
  { name: 'lockfile', lane: 2, title: 'lockfile', run: lockfile },
  { name: 'types', lane: 1, title: 'types', run: types },
  {
    name: 'format',
    lane: 2,
    title: 'format and lint',
    run: () => check(tool.biome, ['check', '--error-on-warnings', '--max-diagnostics=50', '.']),
  },
  {
    name: 'rooms',
    lane: 2,
    title: 'dependency rule',
    run: () =>
      check(tool.depcruise, [
        '--config',
        '.dependency-cruiser.mjs',
        ...sources(['app', 'components', 'lib', 'prisma', 'tests']),
      ]),
  },
  { name: 'dead-code', lane: 2, title: 'dead code', run: () => check(tool.knip, ['--no-progress']) },
];

const sources = (folders) => folders.filter((folder) => existsSync(inRoot(folder)));

/** npm drops the packages of other platforms when its registry does not carry them; `npm ci` fails elsewhere then. */
async function lockfile() {
  const missing = Object.keys(
    missingPlatforms(JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'))),
  );
  if (missing.length === 0) return { passed: 1, failed: 0 };
  return {
    passed: 0,
    failed: 1,
    why: `packages of other platforms are missing; run: node scripts/complete-lockfile.mjs`,
    output: missing.join('\n'),
  };
}

async function check(file, args) {
  const { code, output } = await runNode(file, args, { env: { ...quietEnv, FORCE_COLOR: '0' } });
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, output };
}

/** Next writes the types of the routes; tests/types holds lines that must not compile. */
async function types() {
  const generated = await check(tool.next, ['typegen']);
  if (generated.failed > 0) return generated;
  return check(tool.tsc, ['--noEmit', '-p', 'tsconfig.json']);
}

/**
 * Runs vitest projects in one go, so that the long last file of one leaves no core idle, and counts each by itself. A
 * skipped test counts as failed.
 * @returns {Promise<Record<string, {passed: number, failed: number, why?: string, output?: string}>>} by project
 */
export async function vitest(projects, { env = {}, workers } = {}) {
  const report = path.join(os.tmpdir(), `flightdeck-${projects.join('-')}-${process.pid}.json`);
  const args = ['run', ...projects.flatMap((project) => ['--project', project]), '--reporter=dot'];
  args.push(`--reporter=${inRoot('scripts/lib/count-by-project.mjs')}`);
  if (workers) args.push(`--maxWorkers=${workers}`);
  const { code, output } = await runNode(tool.vitest, args, {
    env: { ...quietEnv, CI: '1', TEST_COUNTS: report, ...env },
  });
  const broken = (why) =>
    Object.fromEntries(projects.map((name) => [name, { passed: 0, failed: 1, why, output }]));
  if (!existsSync(report)) return broken('vitest ended without a report');
  const told = JSON.parse(readFileSync(report, 'utf8'));
  const results = Object.fromEntries(projects.map((name) => [name, resultOf(told.projects[name], output)]));
  const isClean = Object.values(results).every(({ failed }) => failed === 0);
  if (!isClean || (code === 0 && told.errors === 0)) return results;
  const [first] = projects;
  return { ...results, [first]: { ...results[first], failed: 1, why: 'an error outside the tests', output } };
}

function resultOf(counts, output) {
  if (!counts) return { passed: 0, failed: 1, why: 'no test was run', output };
  const { passed, skipped, ms, names } = counts;
  const failed = counts.failed + skipped + counts.broken;
  if (failed === 0) return { passed, failed, ms };
  return {
    passed,
    failed,
    ms,
    names,
    output,
    ...(skipped > 0 ? { why: `${skipped} tests were skipped` } : {}),
  };
}

/** Runs the browser tests and counts by Playwright's JSON report. A skipped test counts as failed. */
export async function playwright({ env = {}, args = [] } = {}) {
  const report = path.join(os.tmpdir(), `flightdeck-e2e-${process.pid}.json`);
  const { code, output } = await runNode(tool.playwright, ['test', ...args, '--reporter=dot,json'], {
    env: { ...quietEnv, CI: '1', PLAYWRIGHT_JSON_OUTPUT_FILE: report, ...env },
  });
  if (!existsSync(report)) return { passed: 0, failed: 1, why: 'Playwright ended without a report', output };
  const { stats, errors, suites } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = stats.unexpected + stats.skipped + errors.length;
  const result = { passed: stats.expected + stats.flaky, failed, names: suites.flatMap(namesIn) };
  if (code !== 0 && failed === 0) return { ...result, failed: 1, why: 'Playwright failed', output };
  const why = stats.flaky > 0 ? { why: `${stats.flaky} passed only when tried again` } : {};
  return { ...result, ...why, ...(failed > 0 ? { output } : {}) };
}

/** A line for each browser test of a suite that did not pass at once. */
function namesIn({ suites = [], specs = [] }) {
  const own = specs.flatMap(({ file, title, tests }) =>
    tests
      .filter(({ status }) => status !== 'expected')
      .map(({ projectName, status, results }) => {
        const messages = results.flatMap(({ errors }) => errors.map(({ message = '' }) => message));
        const told = [...new Set(messages.map((message) => shortened(message)))].join(' / ');
        return `[${projectName}] ${file} > ${title} (${status}): ${told}`;
      }),
  );
  return [...own, ...suites.flatMap(namesIn)];
}

const shortened = (message) =>
  stripVTControlCharacters(message).split('\n').filter(Boolean).slice(0, 12).join(' · ').slice(0, 900);

/** Whether a folder of tests holds any. */
export const hasTests = (folder) => existsSync(inRoot('tests', folder));
