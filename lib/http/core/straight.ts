import type { IncomingMessage, ServerResponse } from 'node:http';
import { asRequest } from './as-request';
import type { FindRoute, FoundRoute } from './built-routes';
import type { Takes } from './door';
import type { RouteHandler } from './endpoint';
import { contentSecurityPolicy, KEPT_BY_NOBODY, securityHeaders } from './security-headers';
import { sendAnswer } from './straight-answer';

/** What other servers post, by the thousand. */
const RECEIVERS = '/api/webhooks/app-store-connect/';
/** What signs in and out speaks with next-auth, which Next knows best. */
const NEVER = '/api/auth/';

/**
 * Has reads of the API, and what other servers post, answered by their route handlers without Next in between, which costs
 * as much as several of their answers: pages stay quick beside them. The handlers ask for session and permission as they
 * always do, and what is said with every answer is said here. Without the server's help Next calls the same handlers.
 */
export function straightTo(find: FindRoute, { isSecure }: { readonly isSecure: boolean }): Takes {
  const always = [...securityHeaders({ isSecure }), KEPT_BY_NOBODY];
  return (incoming, outgoing, next) => {
    const found = foundFor(incoming, find);
    if (!found) return false;
    const begin = async () => {
      const handler = (await found.load().catch(() => null))?.[incoming.method ?? ''];
      if (!handler) return next();
      const policy = contentSecurityPolicy({ isSecure, isDevelopment: false });
      for (const [name, value] of always) outgoing.setHeader(name, value);
      outgoing.setHeader('Content-Security-Policy', policy);
      await answer(handler, found.params, incoming, outgoing);
    };
    if (incoming.method === 'GET') void begin();
    else inTurn(() => void begin());
    return true;
  };
}

/** The route of a request that is taken; anything unusual is left to Next, which refuses it. */
function foundFor({ method, url = '', headers }: IncomingMessage, find: FindRoute): FoundRoute | null {
  if (!url.startsWith('/api/') || url.startsWith(NEVER) || headers.host === undefined) return null;
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  if (method !== 'GET' && !(method === 'POST' && end < 0 && path.startsWith(RECEIVERS))) return null;
  if (path.length > LONGEST || !/^(?:\/(?!(?:\.|%2e){1,2}(?:\/|$))[\w.~!$&'()*+,;=:@%-]+)+$/i.test(path))
    return null;
  try {
    return find(path);
  } catch {
    // An escape that is no text.
    return null;
  }
}

/** Longer than any path of ours, characters. */
const LONGEST = 2_000;

/** So many of what other servers post begin in one turn of the event loop; pages go on in between. */
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

async function answer(
  handler: RouteHandler,
  params: FoundRoute['params'],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  try {
    const request = asRequest(incoming, gone.signal);
    const response = await handler(request, { params: Promise.resolve({ ...params }) });
    await sendAnswer(response, incoming, outgoing);
  } catch {
    // The handler answers its own faults; what is left is a connection that has gone.
    outgoing.destroy();
  }
  // What was not read, of a body that is too long, would be taken for the next request.
  if (!incoming.complete) outgoing.on('finish', () => incoming.destroy());
}
