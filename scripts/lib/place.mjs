import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository; every script works from there, wherever it was called, also bundled into another. */
export const root = holding('package.json', path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

export const inRoot = (...parts) => path.join(root, ...parts);

/** The program behind a package's command, to be run by this Node without a shell. */
export const tool = {
  next: inRoot('node_modules/next/dist/bin/next'),
  prisma: inRoot('node_modules/prisma/build/index.js'),
  biome: inRoot('node_modules/@biomejs/biome/bin/biome'),
  // Checks in a third of the time; what reads our code (Next, the dependency rule, dead code) needs the one before.
  tsc: inRoot('node_modules/typescript-7/bin/tsc'),
  depcruise: inRoot('node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
  knip: inRoot('node_modules/knip/bin/knip.js'),
  vitest: inRoot('node_modules/vitest/vitest.mjs'),
  playwright: inRoot('node_modules/@playwright/test/cli.js'),
};

/** Nothing may phone home, and Prisma's generator must not look for an engine it does not need. */
export const quietEnv = {
  NEXT_TELEMETRY_DISABLED: '1',
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
};

/** Reads .env when there is one; what is already set wins. */
export function loadEnvFile() {
  if (existsSync(inRoot('.env'))) process.loadEnvFile(inRoot('.env'));
}

function holding(file, folder) {
  return existsSync(path.join(folder, file)) ? folder : holding(file, path.dirname(folder));
}
