import { ensureBuilt } from './lib/build.mjs';
import { hasTests, playwright, STATIC_CHECKS, vitest } from './lib/checks.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ensureSymbolizer } from './lib/llvm.mjs';
import { readOptions } from './lib/options.mjs';
import { runWithNode } from './lib/other-node.mjs';
import { runLanes, sum } from './lib/report.mjs';
import { stopWithChildren } from './lib/run.mjs';
import { duration, main, Stop, say } from './lib/say.mjs';

await main(async () => {
  const options = readOptions(
    'npm test --',
    {
      only: {
        type: 'string',
        help: `some parts, such as --only unit,api (${partsOf({})
          .map((p) => p.name)
          .join(', ')})`,
      },
      engine: {
        type: 'string',
        default: 'sqlite',
        help: 'postgres: the contract and api tests on PostgreSQL, all of those that open a database',
      },
      soak: {
        type: 'boolean',
        default: false,
        help: 'also what takes long: many more rounds of the hard scenarios',
      },
      node: { type: 'string', help: 'by another Node, such as 24, in a copy of the tree' },
    },
    { about: 'every test of Flightdeck. Nothing is skipped: a part that cannot run fails and says why.' },
  );
  if (!['sqlite', 'postgres'].includes(options.engine)) throw new Stop('--engine is sqlite or postgres.');
  const parts = partsOf(options);
  const wanted = options.only?.split(',') ?? parts.map((part) => part.name);
  const unknown = wanted.find((name) => !parts.some((part) => part.name === name));
  if (unknown)
    throw new Stop(`There is no part "${unknown}". Parts: ${parts.map((part) => part.name).join(', ')}`);

  const started = performance.now();
  stopWithChildren();
  if (options.node) return runWithNode(options.node, 'scripts/test.mjs', toldBeside(options));
  await ensureInstalled();
  await ensureBuilt({ only: ['client'] });
  const symbolizer = await ensureSymbolizer();
  if (symbolizer.path) process.env.FLIGHTDECK_SYMBOLIZER = symbolizer.path;
  else say(`Tests that read symbols will fail: ${symbolizer.why}`);
  const results = [];
  for (const stage of [1, 2, 3, 4]) {
    const now = parts.filter((part) => part.stage === stage && wanted.includes(part.name));
    if (now.length > 0) results.push(...(await runLanes(together(now, options))));
  }
  say('');
  for (const { title, why } of results.filter((result) => result.failed > 0)) {
    say(`Failed: ${title}${why ? ` (${why})` : ''}`);
  }
  for (const name of results.flatMap(({ names = [] }) => names)) say(`  ${name}`);
  say(`In ${duration(performance.now() - started)}.`);
  process.stdout.write(`${sum(results, 'passed')} passed, ${sum(results, 'failed')} failed\n`);
  return sum(results, 'failed') === 0 ? 0 : 1;
});

/** What `npm test` consists of: stages follow each other, the lanes of a stage run beside each other. */
function partsOf({ soak, engine }) {
  const isWhole = engine === 'postgres';
  const tests = (name, title, stage) => ({ name, title, stage, lane: 1, isVitest: true });
  return [
    ...STATIC_CHECKS.map((check) => ({ ...check, stage: 1 })),
    tests('unit', 'unit tests', 2),
    { name: 'build', title: 'production build', stage: 3, lane: 1, run: build },
    ...(isWhole ? [] : [tests('contract', 'contract tests', 3), tests('api', 'api tests', 3)]),
    tests('contract-postgres', `${isWhole ? 'contract' : 'some contract'} tests on PostgreSQL`, 3),
    tests('api-postgres', `${isWhole ? 'api' : 'some api'} tests on PostgreSQL`, 3),
    tests('store', 'store tests on both engines', 3),
    { name: 'e2e', title: 'browser tests', stage: 4, lane: 1, run: () => browser(envOf({ soak, engine })) },
    ...(soak && hasTests('soak') ? [tests('soak', 'soak tests', 4)] : []),
  ];
}

/** The options as they came, but for the one that chose the Node. */
function toldBeside({ only, engine, soak }) {
  return [...(only ? [`--only=${only}`] : []), `--engine=${engine}`, ...(soak ? ['--soak'] : [])];
}

function envOf({ soak, engine }) {
  return { ...(soak ? { SOAK: '1' } : {}), ...(engine === 'postgres' ? { WHOLE_ON_POSTGRES: '1' } : {}) };
}

/** Tests of one stage that vitest runs share one run of it, behind the other parts. */
function together(parts, options) {
  const tests = parts.filter((part) => part.isVitest);
  if (tests.length === 0) return parts;
  const run = async () => {
    const results = await vitest(
      tests.map(({ name }) => name),
      // Half of them wait at any time, for a pause between two tries or for a process of their own.
      { env: envOf(options), workers: 3 },
    );
    return { parts: tests.map(({ name, title }) => ({ name, title, ...results[name] })) };
  };
  const title = tests.length === 1 ? tests[0].title : 'tests side by side';
  return [...parts.filter((part) => !part.isVitest), { title, lane: 1, run }];
}

async function build() {
  await ensureBuilt();
  return { passed: 1, failed: 0 };
}

async function browser(env) {
  const chromium = await ensureChromium();
  if (chromium.why) return { passed: 0, failed: 1, why: chromium.why };
  await ensureBuilt();
  return playwright({ env: { ...env, CHROMIUM_PATH: chromium.path } });
}
