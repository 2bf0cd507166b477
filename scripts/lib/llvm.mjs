import { existsSync } from 'node:fs';
import { ensureProgram } from './apt.mjs';

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
export const ensureSymbolizer = () =>
  ensureProgram({
    name: 'llvm-symbolizer',
    variable: 'FLIGHTDECK_SYMBOLIZER',
    packages: ['llvm'],
    find: () => PLACES.find((place) => existsSync(place)),
  });
