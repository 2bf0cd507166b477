import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

it('lets what Next serves take an hour to come, headers no longer than before', () => {
  const preload = pathToFileURL(path.resolve('scripts/lib/before-next.mjs')).href;
  const code =
    'const s = require("node:http").createServer(() => {}); console.log(s.requestTimeout, s.headersTimeout, s.listenerCount("request"))';
  const { stdout } = spawnSync(process.execPath, ['--import', preload, '-e', code], { encoding: 'utf8' });
  expect(stdout.trim()).toBe('3660000 60000 1');
});

it('asks what start-up put there before Next, and hands on what that one does not take', () => {
  const preload = pathToFileURL(path.resolve('scripts/lib/before-next.mjs')).href;
  const code = `
    const server = require('node:http').createServer((request, response) => response.end('Next'));
    const ask = async (path) => (await fetch('http://127.0.0.1:' + server.address().port + path)).text();
    server.listen(0, '127.0.0.1', async () => {
      const before = await ask('/taken');
      globalThis.flightdeckTakes = ({ url }, response) => url === '/taken' && Boolean(response.end('straight'));
      console.log(before, await ask('/taken'), await ask('/other'));
      server.close();
    });`;
  const { stdout } = spawnSync(process.execPath, ['--import', preload, '-e', code], { encoding: 'utf8' });
  expect(stdout.trim()).toBe('Next straight Next');
});

it('lets nobody say of a request that it was met before', () => {
  const preload = pathToFileURL(path.resolve('scripts/lib/before-next.mjs')).href;
  const code = `
    const server = require('node:http').createServer(({ headers }, response) => response.end(String(headers['x-flightdeck-met'])));
    server.listen(0, '127.0.0.1', async () => {
      const address = 'http://127.0.0.1:' + server.address().port;
      const ask = async () => (await fetch(address, { headers: { 'x-flightdeck-met': '1' } })).text();
      const before = await ask();
      globalThis.flightdeckTakes = (request, response, next) => {
        request.headers['x-flightdeck-met'] = 'by us';
        setTimeout(next, 5);
        return true;
      };
      console.log(before, await ask());
      server.close();
    });`;
  const { stdout } = spawnSync(process.execPath, ['--import', preload, '-e', code], { encoding: 'utf8' });
  expect(stdout.trim()).toBe('undefined by us');
});
