import { badMember, RefusedError } from '@/lib/services/errors';
import { readBytes } from './read-bytes';

/** Bodies of requests are at most this long unless a route says otherwise, bytes. */
export const BODY_LIMIT = 1024 * 1024;

/** Reads a body while it is no longer than the limit. @throws RefusedError (413) when it is longer */
export async function readText(request: Request, limit: number): Promise<string> {
  const bytes = await readBytes(request, limit, bodyTooLarge);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badMember('', 'The body is not UTF-8.');
  }
}

/**
 * Reads a JSON body. @throws RefusedError 415 for another content type, 413 when too long, 400 when not JSON
 */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  refuseOtherType(request);
  return parsed(await readText(request, limit));
}

/** The same of a request that may come without a body; undefined then. */
export async function readJsonIfAny(request: Request, limit: number): Promise<unknown> {
  const text = await readText(request, limit);
  if (text === '') return undefined;
  refuseOtherType(request);
  return parsed(text);
}

function refuseOtherType({ headers }: Request): void {
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json' || type === 'application/vnd.api+json') return;
  throw new RefusedError({
    status: 415,
    code: 'FLIGHTDECK.CONTENT_TYPE',
    title: 'Another content type is needed',
    detail: 'Send the body as application/json.',
    source: { header: 'Content-Type' },
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badMember('', 'The body is not JSON.');
  }
}

/** What is said of a body that is too long. */
export function bodyTooLarge(limit: number): RefusedError {
  return new RefusedError({
    status: 413,
    code: 'FLIGHTDECK.TOO_LARGE',
    title: 'The body is too large',
    detail: `The body may have at most ${Math.floor(limit / 1024).toLocaleString('en')} KB.`,
  });
}
