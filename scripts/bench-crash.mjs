import { statSync } from 'node:fs';
import path from 'node:path';
import { bundleFiles } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { readOptions } from './lib/options.mjs';
import { inRoot } from './lib/place.mjs';
import { main, Stop } from './lib/say.mjs';

/** Reads crash reports of a folder as the product does, and prints what it read. */
await main(async () => {
  const { group, rest: folders } = readOptions(
    'npm run bench:crash --',
    { group: { type: 'boolean', default: false, help: 'print the groups instead: [{signature, files}]' } },
    {
      about:
        'reads every file of a folder and its folders as a crash report: one line of JSON each, then totals.',
      rest: 'FOLDER',
    },
  );
  if (folders.length !== 1) throw new Stop('Name one folder: npm run bench:crash -- FOLDER');
  const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), folders[0]);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Stop(`There is no folder ${folders[0]}.`);
  await ensureInstalled();
  const { code, output } = await bundleFiles({ 'bench-crash': 'tests/bench/crash.ts' });
  if (code !== 0) throw new Stop(output.trim());
  const { readFolder } = await import(inRoot('.build/bench-crash.mjs'));
  readFolder(folder, group, (line) => process.stdout.write(`${line}\n`));
  return 0;
});
