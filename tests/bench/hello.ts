import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.resolve('.build/bench-hello');
const NEXT = path.resolve('node_modules/next/dist/bin/next');

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "hello", "private": true, "type": "module" }\n',
  'next.config.js': 'export default { poweredByHeader: false, compress: true };\n',
  // Next looks for these two in the folders above as well, where Flightdeck keeps its own.
  'instrumentation.js': 'export function register() {}\n',
  'proxy.js': "export function proxy() {}\nexport const config = { matcher: ['/nothing-is-here'] };\n",
  'app/layout.jsx':
    'export default function Layout({ children }) {\n  return <html lang="en"><body>{children}</body></html>;\n}\n',
  'app/page.jsx':
    "export const dynamic = 'force-dynamic';\nexport default function Page() {\n  return <h1>Hello</h1>;\n}\n",
};

let built: Promise<string> | undefined;

/** Builds the smallest page Next can serve, with the same Next and React, once; gives its folder. */
export function buildHello(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  for (const [name, text] of Object.entries(FILES)) {
    const file = path.join(FOLDER, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const child = spawn(process.execPath, [NEXT, 'build'], {
    cwd: FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('The empty page could not be built.');
  return FOLDER;
}
