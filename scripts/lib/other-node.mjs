import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { npm } from './install.mjs';
import { inRoot } from './place.mjs';
import { run } from './run.mjs';
import { Stop, say } from './say.mjs';

/** What a copy of the tree makes for itself, with the Node it is run by. */
const OWN = new Set(['node_modules', '.build', '.next', 'data', 'test-results']);

/**
 * Runs a script of this project by another Node, in a copy of the tree that has packages of its own: native modules are
 * made for one Node. The Node comes from the registry, as the package that also carries its headers.
 * @param {string} version a major version or a whole one, as npm understands it
 * @param {string[]} [args] what the script is told
 * @returns {Promise<number>} the exit code
 */
export async function runWithNode(version, script, args = []) {
  if (!/^\d+(\.\d+){0,2}$/.test(version))
    throw new Stop(`--node wants a version such as 24, not ${version}.`);
  const folder = inRoot('.build', `node-${version}`);
  const node = await fetchNode(version, path.join(folder, 'node'));
  const tree = path.join(folder, 'tree');
  await copyTree(tree);
  say(`With Node ${version}, in ${path.relative(process.cwd(), tree)}:`);
  // Whoever has set npm's nodedir means the headers of their own Node.
  const env = {
    PATH: [path.dirname(node), process.env.PATH].join(path.delimiter),
    npm_config_nodedir: path.dirname(path.dirname(node)),
  };
  const { code } = await run(node, [path.join(tree, script), ...args], { env, echo: true, cwd: tree });
  return code;
}

async function fetchNode(version, prefix) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  mkdirSync(prefix, { recursive: true });
  const wanted = ['install', '--prefix', prefix, '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await npm([...wanted, `${name}@${version}`]);
  const program = path.join(prefix, 'node_modules', name, 'bin', 'node');
  if (code !== 0 || !existsSync(program))
    throw new Stop(`${output}\n\nNode ${version} cannot be had as ${name}.`);
  return program;
}

/** The files that git knows or would take; what is no longer among them is gone from the copy too. */
async function copyTree(to) {
  const { code, stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  if (code !== 0) throw new Stop('Another Node is tried in a copy of what git knows; there is no git here.');
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(to)) {
    if (!OWN.has(name)) rmSync(path.join(to, name), { recursive: true });
  }
  for (const file of stdout.split('\0')) {
    if (file !== '' && existsSync(inRoot(file))) cpSync(inRoot(file), path.join(to, file));
  }
}
