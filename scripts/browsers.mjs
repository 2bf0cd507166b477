import { ensureBuilt } from './lib/build.mjs';
import { playwright } from './lib/checks.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { readOptions } from './lib/options.mjs';
import { ENGINES, ensureEngine } from './lib/other-browsers.mjs';
import { inRoot } from './lib/place.mjs';
import { runLanes, sum } from './lib/report.mjs';
import { stopWithChildren } from './lib/run.mjs';
import { duration, main, Stop, say } from './lib/say.mjs';

const NAMES = ENGINES.map(({ name }) => name);

/** The main paths in the engines of Safari and of Firefox; `npm test` has Chromium's. */
await main(async () => {
  const options = readOptions(
    'npm run test:browsers --',
    {
      only: { type: 'string', help: `some engines: ${NAMES.join(', ')}` },
      grep: { type: 'string', help: 'only paths whose name has these words' },
    },
    {
      about:
        "the main paths in Safari's engine and in Firefox. What is missing is installed on a Debian, or named.\n" +
        'What a path that failed showed stands as a picture in test-results/browsers.',
    },
  );
  const wanted = options.only?.split(',') ?? NAMES;
  const unknown = wanted.find((name) => !NAMES.includes(name));
  if (unknown) throw new Stop(`There is no engine "${unknown}". Engines: ${NAMES.join(', ')}`);

  const started = performance.now();
  stopWithChildren();
  await ensureInstalled();
  await ensureBuilt();
  const engines = ENGINES.filter(({ name }) => wanted.includes(name));
  const results = await runLanes(
    engines.map((engine) => ({ ...engine, lane: 1, run: () => pathsIn(engine, options.grep) })),
  );
  say('');
  for (const { title, why } of results.filter((result) => result.failed > 0)) {
    say(`Failed: ${title}${why ? ` (${why})` : ''}`);
  }
  for (const name of results.flatMap(({ names = [] }) => names)) say(`  ${name}`);
  say(`In ${duration(performance.now() - started)}.`);
  process.stdout.write(`${sum(results, 'passed')} passed, ${sum(results, 'failed')} failed\n`);
  return sum(results, 'failed') === 0 ? 0 : 1;
});

async function pathsIn(engine, grep) {
  const { env, why } = await ensureEngine(engine);
  if (why) return { passed: 0, failed: 1, why };
  const args = ['--config', 'tests/browsers/playwright.config.ts', '--project', engine.name];
  // What another engine showed stays.
  args.push('--output', inRoot('test-results/browsers', engine.name));
  return playwright({ env, args: grep ? [...args, '--grep', grep] : args });
}
