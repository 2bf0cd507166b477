import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { clientSchema } from '../../prisma/client-schema.mjs';
import { withLock } from './lock.mjs';
import { inRoot, quietEnv, tool } from './place.mjs';
import { run, runNode } from './run.mjs';
import { duration, Stop, say } from './say.mjs';
import { fingerprint, readStamps, writeStamp } from './stamp.mjs';

/** What runs outside Next, each bundled into one file that Node starts at once. */
const BUNDLES = {
  worker: 'lib/worker/main.ts',
  flightdeck: 'lib/cli/main.ts',
  sandbox: 'lib/sandbox/cli.ts',
  env: 'lib/env.ts',
};

const COMMON = ['package-lock.json', 'tsconfig.json'];

const STEPS = [
  {
    name: 'client',
    title: 'database client',
    sources: [
      ...[
        'prisma/schema.prisma',
        'prisma/client-schema.mjs',
        'prisma/postgres-schema.mjs',
        'prisma.config.ts',
      ],
      ...COMMON,
    ],
    isThere: () =>
      ['tables', 'sqlite/client', 'postgres/client'].every((name) =>
        existsSync(inRoot(`prisma/generated/${name}.ts`)),
      ),
    work: generate,
  },
  {
    name: 'bundles',
    title: 'worker, command line and sandbox',
    sources: ['lib', 'prisma', 'scripts/lib/build.mjs', ...COMMON],
    except: ['prisma/generated', 'prisma/migrations', 'lib/http', 'lib/browser'],
    isThere: () => Object.keys(BUNDLES).every((name) => existsSync(inRoot(`.build/${name}.mjs`))),
    work: bundle,
  },
  {
    name: 'web',
    title: 'web application',
    sources: [
      ...['app', 'components', 'lib', 'prisma', 'public', 'proxy.ts', 'instrumentation.ts'],
      ...['next.config.js', 'postcss.config.mjs', ...COMMON],
    ],
    except: ['prisma/generated', 'prisma/migrations', 'lib/sandbox', 'lib/worker', 'lib/cli'],
    isThere: () => existsSync(inRoot('.next/BUILD_ID')),
    work: () => runNode(tool.next, ['build'], { env: { ...quietEnv, NODE_ENV: 'production' } }),
  },
];

/**
 * Builds what its sources say has changed. Needs installed packages.
 * @param {{only?: string[], force?: boolean}} options `only`: 'client', 'bundles', 'web'; a step before is a need
 */
export async function ensureBuilt({ only = STEPS.map((step) => step.name), force = false } = {}) {
  const wanted = STEPS.filter((step) => only.includes(step.name) || step.name === 'client');
  if (!force && wanted.every((step) => isCurrent(step))) return;
  await withLock('build', async () => {
    for (const step of wanted) {
      if (!force && isCurrent(step)) continue;
      const stamp = stampOf(step);
      const { code, output, ms } = await step.work();
      if (code !== 0) throw new Stop(`${output.trim()}\n\nBuilding the ${step.title} failed.`);
      writeStamp(step.name, stamp);
      say(`Built the ${step.title} in ${duration(ms)}.`);
    }
  });
}

/** Whether a build is there, current or not. */
export function isBuilt() {
  return STEPS.every((step) => step.isThere());
}

const stampOf = (step) => fingerprint(step.sources, step.except);
const isCurrent = (step) => step.isThere() && readStamps()[step.name] === stampOf(step);

/** A client for each engine, and the tables' types. Prisma starts its generators by their names, as npx would. */
async function generate() {
  const PATH = [inRoot('node_modules/.bin'), process.env.PATH].join(path.delimiter);
  const schema = readFileSync(inRoot('prisma/schema.prisma'), 'utf8');
  rmSync(inRoot('prisma/generated'), { recursive: true, force: true });
  mkdirSync(inRoot('prisma/generated'), { recursive: true });
  const made = await Promise.all(
    ['sqlite', 'postgres'].map((engine) => {
      const file = inRoot(`prisma/generated/${engine}.prisma`);
      writeFileSync(file, clientSchema(schema, engine));
      const parts = engine === 'sqlite' ? ['client', 'tables'] : ['client'];
      const generators = parts.flatMap((part) => ['--generator', part]);
      return runNode(tool.prisma, ['generate', '--schema', file, ...generators], {
        env: { ...quietEnv, PATH },
      });
    }),
  );
  return made.find(({ code }) => code !== 0) ?? made[0];
}

async function bundle() {
  for (const file of existsSync(inRoot('.build')) ? readdirSync(inRoot('.build')) : []) {
    if (file.startsWith('chunk-')) rmSync(inRoot('.build', file));
  }
  const done = await bundleFiles(BUNDLES);
  // The sandbox reads Apple's schemas from beside itself.
  cpSync(inRoot('lib/sandbox/spec'), inRoot('.build/spec'), { recursive: true });
  return done;
}

/**
 * Bundles TypeScript for Node, `{name: file}` into `.build/<name>.mjs`, with packages left outside but for one of 280
 * small files. What is imported only when it is needed stays in files of its own, so that a start does not pay for it.
 */
export function bundleFiles(files) {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const outside = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => name !== 'kysely');
  return run(inRoot('node_modules/.bin/esbuild'), [
    ...Object.entries(files).map(([name, file]) => `${name}=${file}`),
    ...['--bundle', '--platform=node', '--format=esm', '--target=node20'],
    ...outside.map((name) => `--external:${name}`),
    ...['--splitting', '--chunk-names=chunk-[hash]'],
    ...['--outdir=.build', '--out-extension:.js=.mjs', '--sourcemap', '--log-level=warning'],
  ]);
}
