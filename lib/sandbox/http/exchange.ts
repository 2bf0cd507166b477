import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Assembly } from '../assembly';
import { parameterError, Refusal } from '../checks/refusal';
import { matchRoute } from '../checks/spec';
import type { Trace } from './api';
import type { ApiAnswer } from './api-answer';
import { faultDocument, HTML, retryAfterHeader, sendBadly, spoiled } from './fault-replies';
import type { Fault } from './faults';
import { send } from './http-io';

interface Outgoing {
  status: number;
  headers: Record<string, string>;
  document: Record<string, unknown> | null;
  /** Sent as it is instead of the document. */
  text: string | null;
}

interface Incoming {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  body: string;
}

const WHOLE_BODY = new Set(['drip', 'endless', 'oversize', 'truncate', 'malformed']);

/** Carries out one API request, faults included, and writes it down. */
export async function exchange(parts: Assembly, incoming: Incoming): Promise<void> {
  const { request, response, url, body } = incoming;
  const at = Date.now();
  const method = request.method ?? 'GET';
  const trace: Trace = { template: null, keyId: null, rateLimit: null };
  const template = matchRoute(parts.options.spec, url.pathname)?.template ?? null;
  const fault = parts.faults.take(method, template, url.pathname, keyIdOf(request));
  const log = (status: number): void =>
    parts.requests.add({
      method,
      url: `${url.pathname}${url.search}`,
      template,
      status,
      keyId: trace.keyId,
      hasBody: body !== '',
      at,
      durationMs: Date.now() - at,
      fault: fault?.kind ?? null,
    });
  const delayMs = parts.world.settings.latencyMs + (fault?.kind === 'slow' ? (fault.ms ?? 1000) : 0);
  if (delayMs > 0) await sleep(delayMs);
  if (fault?.kind === 'drop' && fault.when !== 'after') {
    log(0);
    response.destroy();
    return;
  }
  parts.life.settle();
  const outgoing = isEarly(fault)
    ? faulty(parts, fault)
    : await perform(parts, incoming, method, trace, fault);
  parts.journal.flush();
  log(fault?.kind === 'drop' ? 0 : outgoing.status);
  if (fault?.kind === 'drop') {
    response.destroy();
    return;
  }
  await reply(parts, incoming, outgoing, trace, fault);
}

function isEarly(fault: Fault | null): fault is Fault {
  return fault !== null && fault.when !== 'after' && (fault.kind === 'status' || fault.kind === 'html');
}

/** Which key a token names, read before anything is verified: faults may be aimed at one key. */
function keyIdOf(request: IncomingMessage): string | null {
  const header = request.headers.authorization?.split(' ')[1]?.split('.')[0];
  if (header === undefined) return null;
  try {
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid?: unknown };
    return typeof kid === 'string' ? kid : null;
  } catch {
    return null;
  }
}

function faulty(parts: Assembly, fault: Fault): Outgoing {
  const headers = retryAfterHeader(fault, parts.clock.server());
  if (fault.kind === 'html')
    return {
      status: fault.status ?? 502,
      headers: { ...headers, 'content-type': 'text/html' },
      document: null,
      text: HTML,
    };
  return { status: fault.status ?? 500, headers, document: faultDocument(fault), text: null };
}

async function perform(
  parts: Assembly,
  { request, url, body }: Incoming,
  method: string,
  trace: Trace,
  fault: Fault | null,
): Promise<Outgoing> {
  const { authorization, accept, 'content-type': contentType } = request.headers;
  try {
    if (fault?.kind === 'cursor-expired' && url.searchParams.has('cursor'))
      throw new Refusal([parameterError('INVALID', 'cursor', 'The cursor has expired')]);
    const asked = { method, url, authorization, accept, contentType, body };
    const answer: ApiAnswer =
      fault?.kind === 'lie'
        ? await lie(parts, () => parts.api.answer(asked, trace), asked)
        : await parts.api.answer(asked, trace);
    if (fault?.when === 'after' && (fault.kind === 'status' || fault.kind === 'html'))
      return faulty(parts, fault);
    const document = answer.document && fault ? spoiled(answer.document, fault) : answer.document;
    const headers: Record<string, string> = document === null ? {} : { 'content-type': answer.contentType };
    return { status: answer.status, headers, document, text: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refusal(error);
  }
}

/** Answers a change with success and leaves everything as it was. */
async function lie(
  { world: { store } }: Assembly,
  answer: () => Promise<ApiAnswer>,
  { method, url }: { method: string; url: URL },
): Promise<ApiAnswer> {
  const isLinkage = url.pathname.includes('/relationships/');
  if (method === 'DELETE' || isLinkage)
    return { status: 204, document: null, contentType: 'application/json' };
  const [, , type = '', id = ''] = url.pathname.split('/');
  const before = store.get(type, id);
  const attributes = before && { ...before.attributes };
  const told = await answer();
  if (method === 'POST') {
    const made = told.document?.data as { id?: string } | undefined;
    const resource = store.get(type, made?.id ?? '');
    if (resource) store.remove(resource);
  } else if (method === 'PATCH' && before && attributes) store.update(before, attributes);
  return told;
}

/** The service answers 406 in plain text, and everything else it refuses in its error format. */
function refusal(error: Refusal): Outgoing {
  const { status, headers, errors } = error;
  return status === 406
    ? { status, headers: { 'content-type': 'text/plain' }, document: null, text: errors[0]?.detail ?? '' }
    : {
        status,
        headers: { ...headers, 'content-type': 'application/json' },
        document: { errors },
        text: null,
      };
}

async function reply(
  parts: Assembly,
  { request, response }: Incoming,
  outgoing: Outgoing,
  trace: Trace,
  fault: Fault | null,
): Promise<void> {
  const isJson = outgoing.document !== null && outgoing.headers['content-type'] === undefined;
  const headers = {
    date: new Date(parts.clock.server()).toUTCString(),
    ...(trace.rateLimit === null || fault?.kind === 'no-rate-limit-header'
      ? {}
      : { 'x-rate-limit': trace.rateLimit }),
    ...(isJson ? { 'content-type': 'application/json' } : {}),
    ...outgoing.headers,
  };
  const content = outgoing.text ?? (outgoing.document === null ? null : JSON.stringify(outgoing.document));
  if (fault && WHOLE_BODY.has(fault.kind) && content !== null)
    await sendBadly(response, outgoing.status, headers, content, fault);
  else await send(request, response, outgoing.status, headers, content);
}
