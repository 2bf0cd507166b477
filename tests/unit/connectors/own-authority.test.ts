import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createProxy, type Server } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { authority, certified } from '@/tests/factories/certificates';
import { bundleEntry } from '@/tests/factories/worker-process';

let folder: string;
let program: string;
let tracker: ReturnType<typeof createServer>;
let proxy: Server;
const asked: string[] = [];
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
const listening = (server: Server | ReturnType<typeof createServer>) =>
  new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-authority-'));
  program = await bundleEntry('tests/factories/outgoing-send.ts', 'outgoing-send');
  const ours = authority();
  writeFileSync(path.join(folder, 'ours.pem'), ours.cert);
  writeFileSync(path.join(folder, 'other.pem'), authority('Another').cert);
  tracker = createServer(certified(ours, ['127.0.0.1', 'tracker.example']), (_, response) =>
    response.end('made'),
  );
  proxy = createProxy().on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const to = connect(portOf(tracker), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      to.pipe(socket).pipe(to);
    });
    to.on('error', () => socket.destroy());
    socket.on('error', () => to.destroy());
  });
  await Promise.all([listening(tracker), listening(proxy)]);
});
afterAll(async () => {
  for (const server of [tracker, proxy]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  rmSync(folder, { recursive: true });
  rmSync(program, { force: true });
});

/** What came of a request by a process that knows these authorities. */
async function told(baseUrl: string, authorities: string | null, through?: string) {
  const child = spawn(process.execPath, [program], {
    env: {
      ...{ PATH: process.env.PATH, NODE_ENV: 'test', BASE_URL: baseUrl },
      ...(authorities === null ? {} : { NODE_EXTRA_CA_CERTS: path.join(folder, authorities) }),
      ...(through === undefined ? {} : { PROXY: through }),
    },
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(out);
}
const untrusted = { kind: 'passing', message: expect.stringContaining('NODE_EXTRA_CA_CERTS') };

it('a tracker is trusted by the certificate authority that is named, and by no other', async () => {
  const direct = `https://127.0.0.1:${portOf(tracker)}`;
  expect(await told(direct, 'ours.pem')).toEqual({ status: 200, text: 'made' });
  expect(await told(direct, 'other.pem')).toEqual(untrusted);
  expect(await told(direct, null)).toEqual(untrusted);
});

it('and so it is behind a proxy, which is asked for the way and sees nothing', async () => {
  const through = `127.0.0.1:${portOf(proxy)}`;
  expect(await told('https://tracker.example', 'ours.pem', through)).toEqual({ status: 200, text: 'made' });
  expect(await told('https://tracker.example', null, through)).toEqual(untrusted);
  expect(await told('https://elsewhere.example', 'ours.pem', through)).toMatchObject({
    kind: 'passing',
  });
  expect(asked).toEqual(['tracker.example:443', 'tracker.example:443', 'elsewhere.example:443']);
});
