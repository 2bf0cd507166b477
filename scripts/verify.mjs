import { ensureBuilt } from './lib/build.mjs';
import { STATIC_CHECKS, vitest } from './lib/checks.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ensureSymbolizer } from './lib/llvm.mjs';
import { readOptions } from './lib/options.mjs';
import { runWithNode } from './lib/other-node.mjs';
import { runLanes, sum } from './lib/report.mjs';
import { stopWithChildren } from './lib/run.mjs';
import { duration, main, say } from './lib/say.mjs';

/** The quick gate, in under a minute on two cores: everything but what needs a database, a server or a browser. */
await main(async () => {
  const { node } = readOptions(
    'npm run verify --',
    { node: { type: 'string', help: 'by another Node, such as 24, in a copy of the tree' } },
    { about: 'The quick gate: everything but what needs a database, a server or a browser.' },
  );
  stopWithChildren();
  if (node) return runWithNode(node, 'scripts/verify.mjs');
  await ensureInstalled();
  await ensureBuilt({ only: ['client'] });
  const symbolizer = await ensureSymbolizer();
  if (symbolizer.path) process.env.FLIGHTDECK_SYMBOLIZER = symbolizer.path;
  const started = performance.now();
  const unit = {
    name: 'unit',
    lane: 1,
    title: 'unit tests',
    run: async () => (await vitest(['unit'], { workers: 2 })).unit,
  };
  const results = await runLanes([...STATIC_CHECKS, unit]);
  const broken = results.filter((result) => result.failed > 0).map((result) => result.title);
  say(
    `\n${broken.length === 0 ? 'All good' : `Failed: ${broken.join(', ')}`} (${duration(performance.now() - started)})`,
  );
  say(`${sum(results, 'passed')} passed, ${sum(results, 'failed')} failed`);
  return broken.length === 0 ? 0 : 1;
});
