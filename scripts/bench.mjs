import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { bundleFiles, ensureBuilt } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { WEB_FLAGS, WORKER_FLAGS } from './lib/flightdeck.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { readOptions } from './lib/options.mjs';
import { inRoot, quietEnv, root } from './lib/place.mjs';
import { main, Stop } from './lib/say.mjs';

const SCENARIOS = [
  'sync',
  'search',
  'adoption',
  'builds',
  'metrics',
  'pages',
  'feedback',
  'browser',
  'webhooks',
  'load',
];
const ENGINES = ['sqlite', 'postgres'];

/** Prints how fast and how frugal Flightdeck is on this machine, each figure beside what it is compared with. */
await main(async () => {
  const options = readOptions(
    'npm run bench --',
    {
      engine: {
        type: 'string',
        default: 'sqlite',
        help: 'sqlite, postgres (one of its own, or the one of BENCH_DATABASE_URL), or both with a comma: sqlite',
      },
      program: { type: 'string', default: 'medium', help: 'size of the programme: medium or large' },
      only: { type: 'string', help: `some scenarios: ${SCENARIOS.join(', ')}` },
      seed: { type: 'string', default: '1', help: 'seed of the programme and of the samples (1)' },
      rounds: { type: 'string', default: '3', help: 'pairs of timed runs (3)' },
      against: {
        type: 'string',
        help: 'the folder of another built tree of this project, measured by "load" in turn',
      },
      json: { type: 'boolean', default: false, help: 'one JSON document instead of a table' },
    },
    { about: 'measures requests, speed, search, memory and pages; exit code 1 when an aim is missed.' },
  );
  if (!['medium', 'large'].includes(options.program)) throw new Stop('--program is medium or large.');
  const wanted = options.only?.split(',') ?? SCENARIOS;
  const unknown = wanted.find((name) => !SCENARIOS.includes(name));
  if (unknown) throw new Stop(`There is no scenario "${unknown}". Scenarios: ${SCENARIOS.join(', ')}`);
  const engines = options.engine.split(',');
  if (!engines.every((name) => ENGINES.includes(name)))
    throw new Stop(`--engine is ${ENGINES.join(' or ')}.`);
  for (const name of ['seed', 'rounds']) {
    if (!/^[1-9]\d{0,8}$/.test(options[name])) throw new Stop(`--${name} is a whole number from 1.`);
  }
  if (options.against && !existsSync(path.join(options.against, '.next/BUILD_ID')))
    throw new Stop('--against names the folder of a tree of this project that is built (npm run build).');
  await ensureInstalled();
  const needsWeb = ['pages', 'feedback', 'browser', 'webhooks', 'load'].some((name) => wanted.includes(name));
  await ensureBuilt(needsWeb ? {} : { only: ['bundles'] });
  const chromium = wanted.includes('browser') ? await ensureChromium({ isWhole: true }) : { path: '' };
  if (chromium.why) throw new Stop(chromium.why);
  const { code, output } = await bundleFiles({ bench: 'tests/bench/main.ts' });
  if (code !== 0) throw new Stop(output.trim());
  const args = ['--enable-source-maps', inRoot('.build/bench.mjs'), '--only', wanted.join(',')];
  for (const name of ['engine', 'program', 'seed', 'rounds']) args.push(`--${name}`, options[name]);
  if (options.against) args.push('--against', path.resolve(options.against));
  if (options.json) args.push('--json');
  const server = engines.includes('postgres') ? await postgres() : {};
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...quietEnv,
      ...server.env,
      CHROMIUM_PATH: chromium.path,
      FLIGHTDECK_WEB_FLAGS: WEB_FLAGS.join(' '),
      FLIGHTDECK_WORKER_FLAGS: WORKER_FLAGS.join(' '),
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const ended = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  await server.stop?.();
  return ended;
});

/** A server that is there already, or one for this run. */
async function postgres() {
  if (process.env.BENCH_DATABASE_URL) return {};
  const { startPostgres } = await import('./lib/postgres.mjs');
  const { url, pid, stop } = await startPostgres();
  return { env: { BENCH_DATABASE_URL: url, BENCH_DATABASE_PID: String(pid) }, stop };
}
