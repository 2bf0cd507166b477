import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot, quietEnv } from './place.mjs';
import { run, runNode } from './run.mjs';
import { duration, Stop, say } from './say.mjs';
import { sha256 } from './stamp.mjs';

const NEEDED = [20, 19];
const MARKER = inRoot('node_modules/.flightdeck-installed');

/** Stops with a plain message when this Node is too old. */
export function ensureNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
  throw new Stop(
    `Flightdeck needs Node ${NEEDED.join('.')} or newer; this is ${version}.\n` +
      'Get a current one from https://nodejs.org or with your version manager (nvm install 22).',
  );
}

/** Runs `npm ci` when packages are missing, others are wanted, or those that are there were made for another Node. */
export async function ensureInstalled() {
  ensureNode();
  const wanted = sha256(readFileSync(inRoot('package-lock.json')));
  const binary = `${process.platform} ${process.arch} ${process.versions.modules}`;
  const before = existsSync(MARKER) ? JSON.parse(readFileSync(MARKER, 'utf8')) : null;
  if (before?.lockfile === wanted && before.binary === binary) return;
  const remember = () => writeFileSync(MARKER, JSON.stringify({ lockfile: wanted, binary }));
  const fits = async () => before?.binary === binary || (before === null && (await nativeModulesLoad()));
  if (holdsTheVersions() && (await fits())) return remember();
  say('Installing packages (npm ci); the first time takes a minute or two …');
  const { code, output, ms } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) throw new Stop(explainInstall(output));
  remember();
  say(`Installed in ${duration(ms)}.`);
}

/** Every package of the lockfile is there in the right version, whoever installed it. */
function holdsTheVersions() {
  const kept = inRoot('node_modules/.package-lock.json');
  if (!existsSync(kept)) return false;
  const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  const installed = JSON.parse(readFileSync(kept, 'utf8')).packages;
  return Object.entries(packages).every(
    ([name, { version, optional, devOptional }]) =>
      name === '' || optional || devOptional || installed[name]?.version === version,
  );
}

/** Packages that somebody else installed may have been made for another Node. */
async function nativeModulesLoad() {
  const { code } = await run(process.execPath, ['-e', "new (require('better-sqlite3'))(':memory:')"]);
  return code === 0;
}

/** Runs npm, by this very Node where it is known. */
export function npm(args) {
  // Started by npm, its own program is known; otherwise the one on the PATH.
  const own = process.env.npm_execpath;
  const env = { ...quietEnv, ...headers() };
  return own && /npm-cli\.c?js$/.test(own) ? runNode(own, args, { env }) : run('npm', args, { env });
}

/** A native package then compiles against the headers that came with Node, without a download. */
function headers() {
  const prefix = path.dirname(path.dirname(process.execPath));
  const there = existsSync(path.join(prefix, 'include/node/node.h'));
  return there && !process.env.npm_config_nodedir ? { npm_config_nodedir: prefix } : {};
}

function explainInstall(output) {
  const tail = output.trim().split('\n').slice(-25).join('\n');
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED/.test(output)) {
    return `${tail}\n\nThe package registry could not be reached. Check the network or npm's proxy settings.`;
  }
  if (/node-gyp|gyp ERR/.test(output)) {
    return `${tail}\n\nA native package had to be compiled and could not be. On Debian: apt-get install python3 make g++`;
  }
  if (/ENOSPC/.test(output)) return `${tail}\n\nThe disk is full.`;
  return `${tail}\n\nnpm ci failed.`;
}
