import { existsSync } from 'node:fs';
import { run } from './run.mjs';
import { say } from './say.mjs';

/**
 * Finds a program, installing Debian's packages of it when this user may.
 * @param {{name: string, variable: string, packages: string[], find: () => string | undefined}} wanted
 * `variable`: in which somebody may name a program that stands elsewhere
 * @returns {Promise<{path: string} | {why: string}>}
 */
export async function ensureProgram({ name, variable, packages, find }) {
  const named = process.env[variable];
  if (named) return existsSync(named) ? { path: named } : { why: `${variable}=${named} does not exist` };
  const found = find();
  if (found) return { path: found };
  const { why, install } = await apt(`; install it and set ${variable} to its program:`);
  if (!install) return { why: `no ${name} found${why} ${packages.join(' ')}` };
  say(`Installing ${name} (apt-get install ${packages.join(' ')}) …`);
  const output = await install(...packages);
  const path = find();
  return path ? { path } : { why: `installing ${name} failed: ${lastWords(output)}` };
}

/** What an installation that failed said in the end. */
export const lastWords = (output) => output.trim().split('\n').slice(-3).join(' ');

/**
 * What installs packages of Debian's and gives what was said; a reason where this user may not.
 * @param elsewhere what to do on another system
 */
export async function apt(elsewhere) {
  if (!existsSync('/usr/bin/apt-get')) return { why: elsewhere };
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && (await run('sudo', ['-n', 'true'])).code !== 0) {
    return { why: ' and no right to install it; run: sudo apt-get install' };
  }
  const [command, ...before] = [...(isRoot ? [] : ['sudo', '-n']), 'apt-get', ...PATIENCE];
  const ask = (...args) => run(command, [...before, ...args], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  await ask('update', '-qq');
  return {
    install: async (...names) =>
      (await ask('install', '-y', '-qq', '--no-install-recommends', ...names)).output,
  };
}

/** A machine without a way out finds that out soon; one that installs something else already is waited for. */
const PATIENCE = [
  ...['Acquire::Retries=0', 'Acquire::http::Timeout=15', 'Acquire::https::Timeout=15'],
  'DPkg::Lock::Timeout=120',
].flatMap((one) => ['-o', one]);
