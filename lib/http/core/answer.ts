import { randomUUID } from 'node:crypto';
import type { Shown } from './errors';

/** What an endpoint hands back: a body to be sent as JSON, or a Response of its own. */
export type Answer =
  | Response
  | { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string> };

/** The answer as a Response; nothing of ours may be kept by a cache on the way, nor by the browser unless it is said. */
export function toResponse(answer: Answer, requestId: string): Response {
  const response =
    answer instanceof Response
      ? new Response(answer.body, { status: answer.status, headers: new Headers(answer.headers) })
      : jsonResponse(answer.status ?? 200, answer.body, answer.headers);
  if (!/^private|no-transform/.test(response.headers.get('Cache-Control') ?? '')) {
    response.headers.set('Cache-Control', 'no-store');
  }
  response.headers.set('X-Request-Id', requestId);
  response.headers.set('X-Content-Type-Options', 'nosniff');
  return response;
}

/** A failure as a JSON:API error document. */
export function errorResponse(error: Shown, requestId: string, now: number): Response {
  const headers: Record<string, string> = {};
  if (error.retryAt !== undefined) {
    headers['Retry-After'] = String(Math.max(1, Math.ceil((error.retryAt - now) / 1000)));
  }
  const errors = error.problems.map((problem) => ({
    id: randomUUID(),
    ...problem,
    status: String(problem.status ?? error.status),
    meta: { ...problem.meta, requestId },
  }));
  return toResponse({ status: error.status, body: { errors }, headers }, requestId);
}

function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  if (body === undefined) return new Response(null, { status, headers });
  const text = JSON.stringify(body);
  const response = new Response(text, {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  texts().set(response, text);
  return response;
}

/** What an answer was made of: to read it out of its stream again costs as much as to make it. */
export function textOf(response: Response): string | undefined {
  return texts().get(response);
}

/** Bundles of Next may hold this twice; an answer that one of them made is known to all. */
const shared = globalThis as typeof globalThis & { flightdeckTexts?: WeakMap<Response, string> };

function texts(): WeakMap<Response, string> {
  shared.flightdeckTexts ??= new WeakMap();
  return shared.flightdeckTexts;
}
