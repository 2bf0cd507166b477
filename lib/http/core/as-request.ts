import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** What came to Node's server, as handlers of routes take it; `signal` says when whoever asked has gone. */
export function asRequest(incoming: IncomingMessage, signal?: AbortSignal): Request {
  const { method = 'GET' } = incoming;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return new Request(`http://localhost${incoming.url ?? '/'}`, {
    method,
    headers,
    ...(signal ? { signal } : {}),
    ...(method === 'GET' || method === 'HEAD'
      ? {}
      : { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: 'half' }),
  } as RequestInit);
}
