import { type AppleError, AscError, type AscErrorKind, wordsOf } from '../errors';
import { readRetryAfter } from './rate-limit';
import { isAgreementMissing, isKeyRevoked } from './refusals';

/** A clock further off than this explains a refused token. */
const SKEW_MS = 60_000;
const UNTOLD_WAIT_MS = 60_000;

export interface AnswerFacts {
  readonly method: string;
  readonly path: string;
  /** Whom we asked, for telling who did not answer. */
  readonly host: string;
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or undefined when the body is something else. */
  readonly json: unknown;
  readonly now: number;
}

/** The error behind an answer outside 2xx, with Apple's own words where there are any. */
export function errorOf(answer: AnswerFacts): AscError {
  const { method, path, status, headers, json, now } = answer;
  const errors = appleErrors(json);
  if (!isApples(status, json)) return fromBetween(answer);
  const skewMs = clockSkew(headers, now);
  const kind = kindOf(status, errors, skewMs);
  const requestId = requestIdOf(headers);
  return new AscError({
    kind,
    message: messageOf(kind, status, errors, skewMs),
    method,
    path,
    status,
    errors,
    requestId,
    skewMs: kind === 'clock_skew' ? skewMs : undefined,
    ...retryFacts(kind, headers, now),
  });
}

/** Statuses by which something on the way says that it has passed nothing on. */
const NOT_PASSED_ON: readonly number[] = [407, 511];
/** Apple answers these in plain text, and a limit is kept whoever sets it. */
const WITHOUT_REASONS: readonly number[] = [405, 406, 415, 429];

/** No proxy speaks of conflicts: these are Apple's in whatever JSON, or without a body. */
const OF_THE_SERVICE: readonly number[] = [409, 422];

/** Whether Apple itself answered: its refusals carry `errors[]`, whose entries are not always complete. */
function isApples(status: number, json: unknown): boolean {
  if (status < 400) return false;
  if (WITHOUT_REASONS.includes(status)) return true;
  if (OF_THE_SERVICE.includes(status) && json !== undefined) return true;
  if (!isRecord(json) || !Array.isArray(json.errors)) return false;
  return json.errors.length === 0 || json.errors.some(isToldByApple);
}

function isToldByApple(error: unknown): boolean {
  return isRecord(error) && [error.title, error.detail, error.code].some((text) => typeof text === 'string');
}

/** The error behind an answer that is not Apple's: a proxy, a firewall, a login page of the network. */
export function fromBetween({
  method,
  path,
  host,
  status,
  headers,
  now,
}: Omit<AnswerFacts, 'json'>): AscError {
  return new AscError({
    kind: 'intermediary',
    message: `Something between this server and App Store Connect answered ${status} in place of ${host}: a proxy, a firewall or the network’s sign-in page. Apple’s own answer did not come through.`,
    method,
    path,
    status,
    requestId: requestIdOf(headers),
    isUnsent: (status >= 300 && status < 400) || NOT_PASSED_ON.includes(status),
    ...retryFacts('intermediary', headers, now),
  });
}

function retryFacts(kind: AscErrorKind, headers: Headers, now: number): { retryAt?: number } {
  const wait = readRetryAfter(headers, now);
  if (kind === 'rate_limited') return { retryAt: now + (wait ?? UNTOLD_WAIT_MS) };
  return wait === undefined ? {} : { retryAt: now + wait };
}

function kindOf(status: number, errors: readonly AppleError[], skewMs: number | undefined): AscErrorKind {
  const hasCode = (prefix: string) => errors.some((error) => error.code?.startsWith(prefix));
  // Apple documents 403 for revoked keys and badly formed tokens too.
  const isKeyRefused = hasCode('NOT_AUTHORIZED') || isKeyRevoked(errors);
  if (status === 401 || (status === 403 && isKeyRefused)) {
    return skewMs !== undefined && Math.abs(skewMs) >= SKEW_MS ? 'clock_skew' : 'unauthorized';
  }
  if (status === 403) return isAgreementMissing(errors) ? 'agreement_missing' : 'forbidden';
  if (status === 404 || status === 410) return 'not_found';
  if (status === 409) return 'conflict';
  if (status === 422) return 'unprocessable';
  if (status === 429) return 'rate_limited';
  if (status >= 500) return 'server';
  if (status >= 400) return 'invalid_request';
  return 'malformed_response';
}

function messageOf(
  kind: AscErrorKind,
  status: number,
  errors: readonly AppleError[],
  skewMs: number | undefined,
): string {
  if (kind === 'clock_skew' && skewMs !== undefined) {
    const seconds = Math.round(Math.abs(skewMs) / 1000);
    const direction = skewMs > 0 ? 'ahead of' : 'behind';
    return `This server's clock is ${seconds} seconds ${direction} Apple's, so its tokens are refused. Set the clock.`;
  }
  const told = wordsOf(errors);
  return told === '' ? `App Store Connect answered ${status}.` : told;
}

/** Our clock minus Apple's, in ms, by the answer's `Date`; undefined when it carries none. */
export function clockSkew(headers: Headers, now: number): number | undefined {
  const served = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(served) ? undefined : now - served;
}

/** Apple's id of the request, for support cases. */
export function requestIdOf(headers: Headers): string | undefined {
  return (
    headers.get('x-apple-request-uuid') ??
    headers.get('x-request-id') ??
    headers.get('x-apple-jingle-correlation-key') ??
    undefined
  );
}

/** Apple's `errors[]` out of a parsed body; an empty list for anything else. */
export function appleErrors(json: unknown): readonly AppleError[] {
  if (!isRecord(json) || !Array.isArray(json.errors)) return [];
  return json.errors.filter(isRecord).map(appleError);
}

function appleError(raw: Record<string, unknown>): AppleError {
  const source = isRecord(raw.source) ? texts(raw.source, ['pointer', 'parameter']) : undefined;
  const associated =
    isRecord(raw.meta) && isRecord(raw.meta.associatedErrors) ? raw.meta.associatedErrors : undefined;
  return {
    ...texts(raw, ['id', 'status', 'code', 'title', 'detail']),
    ...(source && Object.keys(source).length > 0 ? { source } : {}),
    ...(associated
      ? {
          associatedErrors: Object.fromEntries(
            Object.entries(associated).map(([path, list]) => [path, appleErrors({ errors: list })]),
          ),
        }
      : {}),
  };
}

function texts(from: Record<string, unknown>, names: readonly string[]): Record<string, string> {
  const present = names.filter((name) => typeof from[name] === 'string' || typeof from[name] === 'number');
  return Object.fromEntries(present.map((name) => [name, String(from[name])]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
