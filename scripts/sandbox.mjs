// Bundles the App Store Connect simulator and runs it: npm run sandbox -- --port 4010 --program small
import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bundle = join(root, '.build', 'sandbox.mjs');

let esbuild;
try {
  esbuild = await import('esbuild');
} catch {
  process.stderr.write('sandbox: packages are missing; run npm ci first\n');
  process.exit(1);
}

await esbuild.build({
  entryPoints: [join(root, 'lib/sandbox/cli.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
cpSync(join(root, 'lib/sandbox/spec'), join(root, '.build/spec'), { recursive: true });

const child = spawn(process.execPath, ['--enable-source-maps', bundle, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)));
