import type { IncomingMessage, ServerResponse } from 'node:http';
import { asRequest } from './as-request';
import { MET, meet } from './met';
import { sendAnswer } from './straight-answer';

/** What looks at a request before Next: it answers, or calls `next`; false leaves the request as it is. */
export type Takes = (request: IncomingMessage, response: ServerResponse, next: () => void) => boolean;

/** The server that Next listens with asks this first. It is made before anything of ours is loaded, so it finds it here. */
const shared = globalThis as typeof globalThis & { flightdeckTakes?: Takes };

/** What Next serves from files, whose answers are the same for everybody. */
const FILES = /^\/(_next\/(static|image)|favicon\.ico)/;

/**
 * Meets every request in front of Next. The proxy would do the same for a fourth of what an empty page costs; it is
 * there for a server without this door.
 */
export function openDoor(straight: Takes): void {
  shared.flightdeckTakes = (request, response, next) => {
    if (straight(request, response, next)) return true;
    const address = request.url ?? '';
    // An address in its long form is left to Next, which knows how to read it.
    if (!/^\/(?!\/)/.test(address) || FILES.test(address)) return false;
    void meetFirst(request, response, next);
    return true;
  };
}

async function meetFirst(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): Promise<void> {
  const met = await meet({
    address: request.url ?? '',
    header: (name) => request.headers[name]?.toString(),
    asRequest: () => asRequest(request),
  }).catch(() => null);
  // The proxy meets it once more, and its fault is told as those of pages are.
  if (!met) return next();
  const { asked, answered, answer } = met;
  for (const [name, value] of answered) response.setHeader(name, value);
  if (answer) return sendAnswer(answer, request, response).catch(() => void response.destroy());
  for (const [name, value] of asked) request.headers[name] = value;
  request.headers[MET] = '1';
  next();
}
