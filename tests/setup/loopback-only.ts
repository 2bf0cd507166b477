import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { isLoopback } from '@/lib/env';

/** No test may reach a host beyond this machine: such a connection fails at once and by name. */
function refuse(host: string): void {
  if (!isLoopback(host)) throw new Error(`A test tried to reach ${host}; tests may use loopback only.`);
}

/** The host of any of the argument forms of net.Socket#connect; null for a pipe. */
function hostOf(args: unknown[]): string | null {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === 'object' && first !== null) {
    if ('path' in first && typeof first.path === 'string') return null;
    return 'host' in first && typeof first.host === 'string' ? first.host : 'localhost';
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return null;
  return typeof second === 'string' ? second : 'localhost';
}

// fetch (undici), http, https and tls all end here, before any name is looked up.
const connect = net.Socket.prototype.connect as (...args: unknown[]) => net.Socket;
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  const host = hostOf(args);
  if (host !== null) refuse(host);
  return connect.apply(this, args);
} as typeof net.Socket.prototype.connect;

const lookup = dns.lookup as (...args: unknown[]) => void;
dns.lookup = ((hostname: string, ...rest: unknown[]) => {
  refuse(hostname);
  lookup(hostname, ...rest);
}) as typeof dns.lookup;
syncBuiltinESMExports();
