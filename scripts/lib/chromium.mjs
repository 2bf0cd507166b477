import { existsSync } from 'node:fs';
import { run } from './run.mjs';
import { say } from './say.mjs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Finds a Chromium, installing Debian's when this user may.
 * @returns {Promise<{path: string} | {why: string}>}
 */
export async function ensureChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return existsSync(named) ? { path: named } : { why: `CHROMIUM_PATH=${named} does not exist` };
  const found = PLACES.find((place) => existsSync(place));
  if (found) return { path: found };
  if (!existsSync('/usr/bin/apt-get')) {
    return { why: 'no Chromium found; install one and set CHROMIUM_PATH to its program' };
  }
  const asRoot =
    process.getuid?.() === 0 ? [] : (await run('sudo', ['-n', 'true'])).code === 0 ? ['sudo', '-n'] : null;
  if (!asRoot)
    return { why: 'no Chromium found and no right to install it; run: sudo apt-get install chromium' };
  say('Installing Chromium (apt-get install chromium) …');
  const apt = (args) => {
    const [command, ...rest] = [...asRoot, 'apt-get', ...args];
    return run(command, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  };
  await apt(['update', '-qq']);
  const { code, output } = await apt([
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    'chromium',
    'fonts-noto-core',
  ]);
  if (code !== 0 || !existsSync('/usr/bin/chromium')) {
    return { why: `installing Chromium failed: ${output.trim().split('\n').slice(-3).join(' ')}` };
  }
  return { path: '/usr/bin/chromium' };
}
