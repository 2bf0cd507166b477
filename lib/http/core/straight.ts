import type { IncomingMessage, ServerResponse } from 'node:http';
import { asRequest, hand } from './as-request';
import type { RouteHandler } from './endpoint';
import { securityHeaders } from './security-headers';

/** A route whose address ends with one part that nobody guesses. */
interface Straight {
  /** What its path begins with, to the slash before that part. */
  readonly prefix: string;
  readonly handler: RouteHandler;
}

/**
 * Has what is posted to a route answered by its handler without Next in between, which costs as much as ten of its answers:
 * pages stay quick while thousands come. Without the server's help Next calls the same handler.
 */
export function straightTo(
  route: Straight,
  { isSecure }: { readonly isSecure: boolean },
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const always = [...securityHeaders({ isSecure }), ['Cache-Control', 'no-store'] as const];
  return (request, response) => {
    const id = request.method === 'POST' ? partAfter(route.prefix, request.url ?? '') : null;
    if (id === null) return false;
    for (const [name, value] of always) response.setHeader(name, value);
    inTurn(() => void answer(route.handler, id, request, response));
    return true;
  };
}

/** So many begin in one turn of the event loop; pages go on in between. */
const PER_TURN = 5;
const waiting: (() => void)[] = [];

function inTurn(begin: () => void): void {
  waiting.push(begin);
  if (waiting.length === 1) setImmediate(beginSome);
}

function beginSome(): void {
  for (const begin of waiting.slice(0, PER_TURN)) begin();
  waiting.splice(0, PER_TURN);
  if (waiting.length > 0) setImmediate(beginSome);
}

/** The last part of a path, when it is a plain one; anything unusual is left to Next. */
function partAfter(prefix: string, url: string): string | null {
  if (!url.startsWith(prefix)) return null;
  const part = url.slice(prefix.length);
  return /^[\w-]{1,200}$/.test(part) ? part : null;
}

async function answer(
  handler: RouteHandler,
  path: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const response = await handler(asRequest(incoming), { params: Promise.resolve({ path }) });
    await hand(response, outgoing);
  } catch {
    // The handler answers its own faults; what is left is a connection that has gone.
    outgoing.destroy();
  }
  // What was not read, of a body that is too long, would be taken for the next request.
  if (!incoming.complete) outgoing.on('finish', () => incoming.destroy());
}
