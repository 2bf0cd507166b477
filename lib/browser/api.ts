import { appOfPath } from '@/lib/format/app-address';
import { standInLine } from './line';
import { isSilence, noteAnswer, noteSilence } from './reach';
import { noteSignedIn, noteSignedOut } from './session-over';
import type { Problem } from './types';

/** An error answer of the server, or none at all; `problems` keep Apple's own code, detail and pointer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problems: readonly Problem[];
  /** When another try makes sense, as the server said, ms since 1970. */
  readonly retryAt: number | undefined;

  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    problems: readonly Problem[],
    /** Seconds to wait, as the server said. */
    readonly retryAfter?: number,
  ) {
    super(wordsOf(problems) || 'Flightdeck gave no reason.');
    this.problems = problems;
    this.retryAt = retryAfter === undefined ? undefined : Date.now() + retryAfter * 1_000;
  }

  /** Whether App Store Connect refused, rather than Flightdeck. */
  get isApple(): boolean {
    return this.problems.some((problem) => problem.meta?.apple === true);
  }

  /** Whose words the reasons are, when they are not ours: what we make of Apple's silence is not what Apple says. */
  get speaker(): string | undefined {
    const isSaid = ({ code, meta }: Problem) => meta?.apple === true && !code?.startsWith('FLIGHTDECK.');
    return this.problems.some(isSaid) ? 'App Store Connect' : undefined;
  }

  /** Whether the session of this page is over. */
  get isSignedOut(): boolean {
    return this.code === 'FLIGHTDECK.SIGNED_OUT';
  }

  /** Apple's and our codes, for the details. */
  get code(): string {
    return this.problems.map((problem) => problem.code ?? '').join(', ');
  }

  /** The reason given about one member of the request, by the last part of its pointer: `name`, `email`. */
  detailFor(field: string): string | undefined {
    const problem = this.problems.find(({ source }) => (source?.pointer ?? '').split('/').at(-1) === field);
    return problem?.detail;
  }
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  /** A file sent as it is, instead of a JSON body. */
  readonly file?: Blob;
  /** By default the account that the page's address names; `''` for all. */
  readonly accountId?: string | undefined;
  /** What was typed to confirm a deletion. */
  readonly typed?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Sent to the end although the page is left; browsers take at most 64 KB like this. */
  readonly keepalive?: boolean;
}

/**
 * One request to our own server. Gives the parsed JSON document.
 * @throws ApiError with `errors[]` of the answer, status 0 when the server cannot be reached
 */
export async function api<Answer>(path: string, asked: ApiRequest = {}): Promise<Answer> {
  // Told once: whoever waits in line may have gone to another page by then.
  const request = { ...asked, accountId: asked.accountId ?? shownAccount() };
  for (let waits = 0; ; waits += 1) {
    try {
      return await ask<Answer>(path, request);
    } catch (error) {
      const seconds = secondsInLine(error, request);
      if (seconds === null || waits >= MOST_WAITS) throw error;
      await standInLine(seconds, request.signal);
    }
  }
}

/** A change stands in line this often, and for so long at a time; whoever has to wait longer is told so instead. */
const MOST_WAITS = 3;
const MOST_SECONDS = 120;

/** How long a change stands in line: only one that App Store Connect has certainly not carried out, for its limit. */
function secondsInLine(error: unknown, { method = 'GET', keepalive }: ApiRequest): number | null {
  if (!(error instanceof ApiError) || error.status !== 429 || method === 'GET' || keepalive) return null;
  const isOfTheLimit = error.problems.some(({ meta }) => meta?.kind === 'rate_limited');
  const seconds = error.retryAfter;
  return isOfTheLimit && seconds !== undefined && seconds <= MOST_SECONDS ? seconds : null;
}

/** The account that the address of the page at hand names. */
export function shownAccount(): string | undefined {
  return globalThis.location === undefined ? undefined : appOfPath(location.pathname)?.accountId;
}

async function ask<Answer>(path: string, request: ApiRequest): Promise<Answer> {
  const response = await send(path, request);
  const body: unknown = await response.json().catch(() => undefined);
  if (isSilence(response.status, body)) noteSilence();
  else noteAnswer();
  if (response.ok) {
    noteSignedIn();
    return body as Answer;
  }
  const wait = Number(response.headers.get('retry-after'));
  const error = new ApiError(response.status, problemsOf(body, response.status), wait > 0 ? wait : undefined);
  if (error.isSignedOut) noteSignedOut();
  throw error;
}

/** Characters; at three bytes each they still fit into what browsers allow. */
const KEEPALIVE_MOST = 20_000;
const WATCH_MS = 10_000;

async function send(
  path: string,
  { method = 'GET', body, file, accountId, typed, signal, keepalive }: ApiRequest,
): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (file !== undefined) headers['content-type'] = 'application/octet-stream';
  if (accountId) headers['flightdeck-account'] = accountId;
  if (typed !== undefined) headers['flightdeck-confirm'] = encodeURIComponent(typed);
  const text = body === undefined ? undefined : JSON.stringify(body);
  // A line that swallows everything gives no error for minutes.
  const watch = setTimeout(noteSilence, WATCH_MS);
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(text === undefined ? {} : { body: text }),
      ...(keepalive && (text?.length ?? 0) < KEEPALIVE_MOST ? { keepalive } : {}),
      ...(file === undefined ? {} : { body: file }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    noteSilence();
    throw new ApiError(0, [
      { code: 'FLIGHTDECK.UNREACHABLE', title: 'Flightdeck cannot be reached', detail: silenceWords(method) },
    ]);
  } finally {
    clearTimeout(watch);
  }
}

/** A change without an answer may have been made all the same, unless the browser had no connection to send it by. */
function silenceWords(method: string): string {
  const isSurelyUnsent = method === 'GET' || globalThis.navigator?.onLine === false;
  return isSurelyUnsent
    ? 'Your browser got no answer from Flightdeck. Nothing was changed. Check the connection and try again.'
    : 'Your browser got no answer from Flightdeck, so whether the change was made is not known. What you typed is kept: once Flightdeck answers again, look before you try again.';
}

function problemsOf(body: unknown, status: number): readonly Problem[] {
  const errors = (body as { errors?: unknown } | undefined)?.errors;
  if (Array.isArray(errors) && errors.length > 0) return errors as Problem[];
  return [
    {
      status: String(status),
      code: `HTTP.${status}`,
      title: 'Flightdeck answered in a form that cannot be read',
      detail: `The server answered with status ${status} and no reason. Try again; if it stays, look into the server's log.`,
    },
  ];
}

/** Every reason of an answer, each once: the one that matters need not be the first. */
function wordsOf(problems: readonly Problem[]): string {
  const said = problems.flatMap(saidBy).filter((text) => text !== undefined && text !== '');
  return [...new Set(said)].join(' ');
}

function saidBy({ detail, title, associatedErrors = {} }: Problem): (string | undefined)[] {
  return [detail ?? title, ...Object.values(associatedErrors).flat().flatMap(saidBy)];
}
