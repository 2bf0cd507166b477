import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiError } from '../checks/refusal';
import type { Fault } from './faults';

type Json = Record<string, unknown>;

const CODES: Readonly<Record<number, readonly [code: string, title: string]>> = {
  401: ['NOT_AUTHORIZED', 'Authentication credentials are missing or invalid.'],
  403: [
    'FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED',
    'A required agreement is missing or has expired.',
  ],
  404: ['NOT_FOUND', 'The specified resource does not exist'],
  409: ['STATE_ERROR', 'The request cannot be fulfilled because of the state of another resource.'],
  422: ['ENTITY_UNPROCESSABLE', 'The request entity is not processable in its current state'],
  429: ['RATE_LIMIT_EXCEEDED', 'The request rate limit has been reached.'],
  500: ['UNEXPECTED_ERROR', 'An unexpected error occurred.'],
};
const OVERSIZE = 50_000_000;

/** The error document of a `status` fault. */
export function faultDocument(fault: Fault): Json {
  const status = fault.status ?? 500;
  const [code, title] = CODES[status] ?? ['UNEXPECTED_ERROR', 'An unexpected error occurred.'];
  const detail = fault.detail ?? 'The service could not answer this request. Try again later.';
  if (fault.errors) {
    return { errors: fault.errors.map((one) => apiError(status, one.code, one.title ?? title, one.detail)) };
  }
  return { errors: [apiError(status, fault.code ?? code, fault.title ?? title, detail)] };
}

/** `Retry-After` in the wanted form; the epoch form is what some gateways send. */
export function retryAfterHeader(fault: Fault, nowMs: number): Record<string, string> {
  if (fault.retryAfter === undefined) return {};
  const atMs = nowMs + fault.retryAfter * 1000;
  if (fault.retryAfterForm === 'http-date') return { 'retry-after': new Date(atMs).toUTCString() };
  if (fault.retryAfterForm === 'epoch-ms') return { 'retry-after': String(atMs) };
  return { 'retry-after': String(fault.retryAfter) };
}

function eachResource(document: Json, change: (resource: Json) => Json): Json {
  const { data } = document;
  if (Array.isArray(data)) return { ...document, data: data.map((one: Json) => change(one)) };
  return data && typeof data === 'object' ? { ...document, data: change(data as Json) } : document;
}

function withUnknowns(resource: Json): Json {
  if (!resource.attributes) return resource;
  const attributes = Object.fromEntries(
    Object.entries(resource.attributes).map(([name, value]) =>
      // Enum values are the only texts written in capitals with underscores.
      typeof value === 'string' && /^[A-Z]+(_[A-Z]+)*$/.test(value) && value.length > 2
        ? [name, 'ADDED_BY_APPLE_LATER']
        : [name, value],
    ),
  );
  return {
    ...resource,
    attributes: { ...attributes, addedByAppleLater: { note: 'not in the published schema' } },
  };
}

function withNulls(resource: Json): Json {
  if (!resource.attributes) return resource;
  return {
    ...resource,
    attributes: Object.fromEntries(Object.keys(resource.attributes).map((name) => [name, null])),
  };
}

function withNext(document: Json, change: (self: URL) => URL): Json {
  const links = document.links as { self: string } | undefined;
  if (!links || !Array.isArray(document.data)) return document;
  return { ...document, links: { ...links, next: change(new URL(links.self)).href } };
}

/** A document as a fault of its content leaves it. */
export function spoiled(document: Json, fault: Fault): Json {
  switch (fault.kind) {
    case 'missing-data': {
      const { data: _, ...rest } = document;
      return rest;
    }
    case 'unknown-values':
      return eachResource(document, withUnknowns);
    case 'null-attributes':
      return eachResource(document, withNulls);
    case 'without-included': {
      const { included: _, ...rest } = document;
      return rest;
    }
    case 'next-repeat':
      return withNext(document, (self) => self);
    case 'next-foreign':
      return withNext(document, (self) => {
        const next = new URL(`${self.pathname}${self.search}`, fault.origin ?? 'http://203.0.113.7');
        next.searchParams.set('cursor', 'foreign');
        return next;
      });
    default:
      return document;
  }
}

export const HTML =
  '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n';

/** Sends a body in a way that no client should trust; resolves when the answer is over or the client has gone. */
export async function sendBadly(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  content: string,
  fault: Fault,
): Promise<void> {
  const bytes = Buffer.from(content);
  if (fault.kind === 'truncate') {
    response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
    return;
  }
  if (fault.kind === 'malformed') {
    response.writeHead(status, headers).end(bytes.subarray(0, Math.max(1, bytes.length - 2)));
    return;
  }
  response.writeHead(status, headers);
  if (fault.kind === 'drip') await drip(response, bytes, fault.ms ?? 1000);
  else if (fault.kind === 'oversize') await pour(response, content, fault.bytes ?? OVERSIZE);
  else await pour(response, content, Number.POSITIVE_INFINITY);
}

async function drip(response: ServerResponse, bytes: Buffer, pauseMs: number): Promise<void> {
  for (const byte of bytes) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await sleep(pauseMs);
  }
  response.end();
}

/** Blanks are allowed between JSON tokens, so that only a limit on size can stop a reader. */
async function pour(response: ServerResponse, content: string, size: number): Promise<void> {
  const block = Buffer.alloc(64 * 1024, ' ');
  const isEndless = size === Number.POSITIVE_INFINITY;
  for (let sent = 0; sent < size && !response.destroyed; sent += block.length) {
    const hasRoom = response.write(block);
    if (isEndless) await sleep(20);
    else if (!hasRoom) await drained(response);
  }
  if (!response.destroyed) response.end(content);
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
