import { spawn } from 'node:child_process';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot, loadEnvFile, quietEnv, root } from './lib/place.mjs';
import { main } from './lib/say.mjs';

/** The command line, such as `npm run flightdeck -- sync --once --json`, with the configuration of `npm start`. */
await main(async () => {
  await ensureInstalled();
  await ensureBuilt({ only: ['bundles'] });
  loadEnvFile();
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', inRoot('.build/flightdeck.mjs'), ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit', env: { ...quietEnv, NODE_ENV: 'production', ...process.env } },
  );
  // The terminal's Ctrl-C reaches the child by itself; other signals are passed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
});
