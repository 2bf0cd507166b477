import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { readOptions } from './lib/options.mjs';
import { stopWithChildren } from './lib/run.mjs';
import { main, say } from './lib/say.mjs';

await main(async () => {
  const { force } = readOptions(
    'npm run build --',
    { force: { type: 'boolean', default: false, help: 'also build what has not changed' } },
    { about: 'builds the web application, the worker and the command line for npm start.' },
  );
  stopWithChildren();
  await ensureInstalled();
  await ensureBuilt({ force });
  say('Everything is built.');
});
