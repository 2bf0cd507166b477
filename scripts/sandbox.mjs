import { spawn } from 'node:child_process';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot } from './lib/place.mjs';
import { main } from './lib/say.mjs';

/** The App Store Connect simulator by itself: npm run sandbox -- --port 4010 --program small */
await main(async () => {
  await ensureInstalled();
  await ensureBuilt({ only: ['bundles'] });
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', inRoot('.build/sandbox.mjs'), ...process.argv.slice(2)],
    { stdio: 'inherit' },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 0))),
  );
});
