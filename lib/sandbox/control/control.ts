import type { Assembly } from '../assembly';
import { Refusal } from '../checks/refusal';
import { ControlError, type Handler } from './call';
import { events } from './events';
import { inspection } from './inspection';
import { levers } from './levers';

export interface ControlRequest {
  method: string;
  url: URL;
  body: string;
  host: string;
}

export interface ControlAnswer {
  status: number;
  body: unknown;
}

const handlers: Readonly<Record<string, Handler>> = { ...inspection, ...levers, ...events };

function parse(body: string): Record<string, unknown> {
  if (body.trim() === '') return {};
  const value: unknown = JSON.parse(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ControlError('send a JSON object');
  return value as Record<string, unknown>;
}

/** Answers the control interface under `/sandbox/`: no token, this machine only. */
export async function answerControl(
  parts: Assembly,
  reset: () => void,
  request: ControlRequest,
): Promise<ControlAnswer> {
  const [, , name = '', ...rest] = request.url.pathname.split('/').map(decodeURIComponent);
  // A page in somebody's browser must not reach this by a name that resolves to 127.0.0.1.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.host))
    return { status: 403, body: { error: 'loopback only' } };
  const handler = handlers[`${request.method} ${name}`];
  if (!handler) return { status: 404, body: { error: `no ${request.method} /sandbox/${name}` } };
  try {
    parts.life.settle();
    const input = parse(request.body);
    const body = await handler(parts, { rest, query: request.url.searchParams, input, reset });
    parts.journal.flush();
    return { status: 200, body: body ?? {} };
  } catch (error) {
    if (error instanceof ControlError) return { status: error.status, body: { error: error.message } };
    if (error instanceof SyntaxError) return { status: 400, body: { error: `not JSON: ${error.message}` } };
    if (error instanceof Refusal) return { status: error.status, body: { errors: error.errors } };
    throw error;
  }
}
