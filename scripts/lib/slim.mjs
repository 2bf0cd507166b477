import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inRoot, root, tool } from './place.mjs';
import { say } from './say.mjs';

/**
 * Leaves in node_modules the packages that what is built really uses: `node scripts/lib/slim.mjs` in the copy of the tree
 * that goes into the image. It is found by what Next traces its own servers with.
 */
const { nodeFileTrace } = createRequire(import.meta.url)('next/dist/compiled/@vercel/nft');
const STARTED = [
  tool.next,
  inRoot('node_modules/next/dist/cli/next-start.js'),
  inRoot('scripts/container.mjs'),
];

const names = readdirSync(inRoot('.next'), { recursive: true }).filter((name) => name.endsWith('.nft.json'));
const traced = names.flatMap((name) => {
  const { files } = JSON.parse(readFileSync(inRoot('.next', name), 'utf8'));
  return files.map((file) => path.resolve(inRoot('.next', path.dirname(name)), file));
});
const bundles = readdirSync(inRoot('.build')).filter((name) => name.endsWith('.mjs'));
const { fileList } = await nodeFileTrace([...STARTED, ...bundles.map((name) => inRoot('.build', name))], {
  base: root,
});
const used = new Set([...traced, ...[...fileList].map((file) => inRoot(file))].flatMap(packageOf));

for (const name of packagesIn('node_modules')) {
  if (!used.has(name)) rmSync(inRoot(name), { recursive: true });
}
say(`${used.size} packages are used and stay.`);

/** The package at the top of node_modules that a file belongs to; none where it is our own. */
function packageOf(file) {
  return /^node_modules\/(@[^/]+\/)?[^/]+/.exec(path.relative(root, file))?.slice(0, 1) ?? [];
}

function packagesIn(folder) {
  return readdirSync(inRoot(folder)).flatMap((name) => {
    const at = `${folder}/${name}`;
    return name.startsWith('@') ? packagesIn(at) : [at];
  });
}
