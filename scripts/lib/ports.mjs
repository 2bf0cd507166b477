import net from 'node:net';
import { Stop } from './say.mjs';

function listen(port, host) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const { port: got } = server.address();
      server.close(() => resolve(got));
    });
  });
}

/** A port nobody uses at this moment. */
export const anyPort = (host = '127.0.0.1') => listen(0, host);

/** Stops with a message that names the way out when a port is taken or not allowed. */
export async function needPort(port, host, { what, option }) {
  try {
    await listen(port, host);
  } catch (error) {
    if (error.code === 'EADDRINUSE') {
      throw new Stop(`Port ${port} is taken by another program. Choose another for ${what}: ${option}`);
    }
    if (error.code === 'EACCES') {
      throw new Stop(
        `Port ${port} may not be opened by this user. Choose one above 1023 for ${what}: ${option}`,
      );
    }
    if (error.code === 'EADDRNOTAVAIL') throw new Stop(`HOST ${host} is not an address of this machine.`);
    throw error;
  }
}

/** Reads a port from an option; stops when it is none. */
export function toPort(value, name) {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Stop(`${name} must be a port, not "${value}".`);
  return port;
}

/** The two ports of demo and dev on loopback, free; 0 means any. */
export async function demoPorts(options) {
  const port = toPort(options.port, '--port');
  const sandboxPort = toPort(options['sandbox-port'], '--sandbox-port');
  const command = `npm run ${process.env.npm_lifecycle_event ?? 'demo'} --`;
  await needPort(port, '127.0.0.1', { what: 'Flightdeck', option: `${command} --port 3001` });
  await needPort(sandboxPort, '127.0.0.1', { what: 'the sandbox', option: `${command} --sandbox-port 4011` });
  return { port: port || (await anyPort()), sandboxPort };
}
