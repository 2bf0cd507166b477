import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

it('lets what Next serves take an hour to come, headers no longer than before', () => {
  const preload = pathToFileURL(path.resolve('scripts/lib/long-requests.mjs')).href;
  const code =
    'const s = require("node:http").createServer(() => {}); console.log(s.requestTimeout, s.headersTimeout, s.listenerCount("request"))';
  const { stdout } = spawnSync(process.execPath, ['--import', preload, '-e', code], { encoding: 'utf8' });
  expect(stdout.trim()).toBe('3660000 60000 1');
});
