import { AscError, type AscErrorInit } from '../errors';
import { readBody } from './body';
import { errorOf, fromBetween, requestIdOf } from './classify';
import type { AscFetch, TransportRequest, TransportResponse } from './types';

/** All in ms. */
export interface Timeouts {
  readonly readHeaders: number;
  readonly readTotal: number;
  readonly write: number;
}

export const TIMEOUTS: Timeouts = { readHeaders: 10_000, readTotal: 30_000, write: 60_000 };
export const MOST_BODY_BYTES = 20 * 1024 * 1024;

export interface SendConfig {
  readonly fetch: AscFetch;
  readonly clock: () => number;
  /** Sees the headers of every answer, good or bad. */
  readonly observe: (headers: Headers) => void;
  readonly timeouts?: Timeouts;
  readonly mostBodyBytes?: number;
}

/** Errors of a connection that was never made: the request cannot have been executed. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * One HTTP exchange: a deadline to the headers and one in all, a cap on the body, no redirects.
 * Rejects with an AscError for everything but a complete 2xx answer.
 */
export async function sendOnce(
  config: SendConfig,
  request: TransportRequest,
  token: string,
): Promise<TransportResponse> {
  const { clock, timeouts = TIMEOUTS, mostBodyBytes = MOST_BODY_BYTES } = config;
  const { method, path } = request;
  const about = { method, path };
  const isRead = method === 'GET';
  const stop = new AbortController();
  const isDue = { value: false };
  const expire = () => {
    isDue.value = true;
    stop.abort();
  };
  const giveUp = () => stop.abort();
  const timers = [setTimeout(expire, isRead ? timeouts.readTotal : timeouts.write)];
  const headerTimer = setTimeout(expire, isRead ? timeouts.readHeaders : timeouts.write);
  timers.push(headerTimer);
  if (request.signal?.aborted) stop.abort();
  request.signal?.addEventListener('abort', giveUp, { once: true });
  try {
    const response = await config.fetch(request.url, {
      method,
      headers: headersOf(request, token),
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: 'manual',
      signal: stop.signal,
    });
    clearTimeout(headerTimer);
    config.observe(response.headers);
    const text = await readBody(response, mostBodyBytes, about);
    return answerOf(response, text, { ...about, host: new URL(request.url).host, now: clock() });
  } catch (error) {
    if (error instanceof AscError) throw error;
    throw connectionError(error, about, isDue.value, request.signal?.aborted === true);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    request.signal?.removeEventListener('abort', giveUp);
    // Frees the socket when the body was not read to its end.
    stop.abort();
  }
}

function headersOf(request: TransportRequest, token: string): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    accept: request.accept,
    'user-agent': 'Flightdeck',
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
  };
}

function answerOf(
  response: Response,
  text: string,
  about: { method: string; path: string; host: string; now: number },
): TransportResponse {
  const { status, headers } = response;
  const json = parse(text);
  if (status < 200 || status > 299) throw errorOf({ ...about, status, headers, json });
  const requestId = requestIdOf(headers);
  // What is no JSON at all was not cut short on its way: it comes from somebody else.
  if (json === undefined && !/^\s*[[{]/.test(text)) throw fromBetween({ ...about, status, headers });
  if (json === undefined) {
    throw new AscError({
      kind: 'malformed_response',
      message: `App Store Connect answered ${status} with something that is not JSON.`,
      method: about.method,
      path: about.path,
      status,
      requestId,
    });
  }
  return { status, headers, json, requestId, attempts: 1 };
}

/** The parsed text; null for an empty one, undefined for what is not JSON. */
function parse(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function connectionError(
  error: unknown,
  about: Pick<AscErrorInit, 'method' | 'path'>,
  isDue: boolean,
  isAborted: boolean,
): AscError {
  if (isAborted) return new AscError({ ...about, kind: 'aborted', message: 'The request was given up.' });
  if (isDue) {
    return new AscError({ ...about, kind: 'timeout', message: 'App Store Connect did not answer in time.' });
  }
  const code = codeOf(error);
  return new AscError({
    ...about,
    kind: 'network',
    message: `App Store Connect cannot be reached${code === undefined ? '' : ` (${code})`}.`,
    isUnsent: code !== undefined && UNSENT.has(code),
    cause: error,
  });
}

/** The system's code of a fetch failure; undici hides it in `cause`, sometimes in several. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return 'cause' in error ? codeOf(error.cause) : undefined;
}
