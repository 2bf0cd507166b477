import { existsSync } from 'node:fs';
import { apt, lastWords } from './apt.mjs';
import { say } from './say.mjs';

/** The same browser without its windows: what it shows is the same, for half of the processor time. */
const WINDOWLESS = '/usr/bin/chromium-headless-shell';
const PLACES = [
  WINDOWLESS,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The Chromium that is there. */
export const foundChromium = (places = PLACES) => places.find((place) => existsSync(place));

/**
 * Finds a Chromium, installing Debian's when this user may.
 * `isWhole`: one with windows, as people have it; otherwise the one without, where it can be had.
 * @returns {Promise<{path: string} | {why: string}>}
 */
export async function ensureChromium({ isWhole = false } = {}) {
  const named = process.env.CHROMIUM_PATH;
  if (named) return existsSync(named) ? { path: named } : { why: `CHROMIUM_PATH=${named} does not exist` };
  const places = isWhole ? PLACES.slice(1) : PLACES;
  const found = foundChromium(places);
  if (found && (isWhole || found === WINDOWLESS)) return { path: found };
  const names = isWhole ? ['chromium'] : ['chromium-headless-shell', ...(found ? [] : ['chromium'])];
  const { why, install } = await apt('; install one and set CHROMIUM_PATH to its program:');
  if (!install) return found ? { path: found } : { why: `no Chromium found${why} ${names[0]}` };
  let output = '';
  for (const name of names) {
    say(`Installing Chromium (apt-get install ${name}) …`);
    output = await install(name, 'fonts-noto-core');
    const path = foundChromium(places);
    if (path && path !== found) return { path };
  }
  if (found) return { path: found };
  return { why: `installing Chromium failed: ${lastWords(output)}` };
}
