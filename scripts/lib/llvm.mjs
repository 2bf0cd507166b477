import { existsSync } from 'node:fs';
import { apt } from './chromium.mjs';
import { say } from './say.mjs';

const PLACES = [
  '/usr/bin/llvm-symbolizer',
  ...['19', '18', '17', '16', '15', '14'].map((version) => `/usr/bin/llvm-symbolizer-${version}`),
  '/opt/homebrew/opt/llvm/bin/llvm-symbolizer',
];

/**
 * Finds what reads symbols for the tests that need it, installing Debian's when this user may. Where it cannot be had
 * those tests fail and say so.
 * @returns {Promise<{path: string} | {why: string}>}
 */
export async function ensureSymbolizer() {
  const named = process.env.FLIGHTDECK_SYMBOLIZER;
  const found = named ?? PLACES.find((place) => existsSync(place));
  if (found)
    return existsSync(found) ? { path: found } : { why: `FLIGHTDECK_SYMBOLIZER=${found} does not exist` };
  const { why, install } = await apt('; install LLVM and set FLIGHTDECK_SYMBOLIZER to its llvm-symbolizer:');
  if (!install) return { why: `no llvm-symbolizer found${why} llvm` };
  say('Installing LLVM for symbols (apt-get install llvm) …');
  const output = await install('llvm');
  const path = PLACES.find((place) => existsSync(place));
  return path
    ? { path }
    : { why: `installing llvm failed: ${output.trim().split('\n').slice(-3).join(' ')}` };
}
