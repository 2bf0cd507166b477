import { lookup } from 'node:dns';
import net from 'node:net';
import { expect, it } from 'vitest';

it('refuses every way out of this machine', async () => {
  await expect(fetch('https://api.appstoreconnect.apple.com/v1/apps')).rejects.toMatchObject({
    cause: { message: expect.stringContaining('tests may use loopback only') },
  });
  expect(() => net.connect(443, '192.0.2.1')).toThrow(/loopback only/);
  expect(() => net.connect({ port: 443, host: 'example.com' })).toThrow(/loopback only/);
  expect(() => lookup('example.com', () => {})).toThrow(/loopback only/);
});

it('lets loopback through', async () => {
  const server = net.createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  const said = await new Promise((resolve) => net.connect(port, '127.0.0.1').once('data', resolve));
  expect(String(said)).toBe('hello');
  server.close();
});
