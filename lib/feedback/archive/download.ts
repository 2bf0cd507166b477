import { lookup as systemLookup } from 'node:dns/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isOwnHost, type LinkRules, linkProblem, PRIVATE } from './link';
import { isPublicAddress } from './public-address';

/** What came of asking for a picture; words are for people. */
export type Download =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** The link is not good any more: a fresh one may be. */
  | { readonly kind: 'expired'; readonly words: string }
  /** May go well later; `afterMs` when the host says when. */
  | { readonly kind: 'passing'; readonly words: string; readonly afterMs?: number }
  /** Nothing will change about it by itself. */
  | { readonly kind: 'refused'; readonly words: string };

export interface DownloadLimits {
  readonly bytes: number;
  /** For the whole picture, ms. */
  readonly totalMs: number;
  /** Without a byte, ms. */
  readonly idleMs: number;
}

export const DOWNLOAD_LIMITS: DownloadLimits = {
  bytes: 25 * 1024 * 1024,
  totalMs: 60_000,
  idleMs: 15_000,
};

/** The addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>;

export interface Downloader {
  get(link: string, signal: AbortSignal): Promise<Download>;
  close(): void;
}

interface DownloaderOptions extends LinkRules {
  readonly limits?: Partial<DownloadLimits>;
  readonly resolve?: Resolve;
  /** Pictures fetched at once at most. */
  readonly atOnce: number;
}

/** What is large waits for its turn, so that only one of them is in the memory. */
const LARGE = 4 * 1024 * 1024;

/**
 * Fetches pictures without any key or cookie: over https, no redirects, never from a private network but from the host
 * that stands for Apple. It connects to the very address that was judged, so a name that changes its mind gains nothing.
 */
export function createDownloader({ resolve, atOnce, limits, ...rules }: DownloaderOptions): Downloader {
  const bounds = { ...DOWNLOAD_LIMITS, ...limits };
  const agents = {
    'http:': new HttpAgent({ keepAlive: true, maxSockets: atOnce }),
    'https:': new HttpsAgent({ keepAlive: true, maxSockets: atOnce }),
  };
  const lookup = judged(resolve ?? ((hostname) => systemLookup(hostname, { all: true })), rules);
  const turns = createTurns();
  return {
    async get(link, signal) {
      const problem = linkProblem(link, rules);
      if (problem !== null) return refused(problem);
      const url = new URL(link);
      const isPlain = url.protocol === 'http:';
      const ended = new AbortController();
      const stopped = AbortSignal.any([signal, ended.signal]);
      const timer = setTimeout(() => ended.abort(new Slow(bounds.totalMs)), bounds.totalMs);
      try {
        const answer = await new Promise<IncomingMessage>((resolveAnswer, reject) => {
          const request = (isPlain ? httpRequest : httpsRequest)(url, {
            agent: agents[isPlain ? 'http:' : 'https:'],
            lookup,
            signal: stopped,
            headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'Flightdeck' },
          });
          request.setTimeout(bounds.idleMs, () => request.destroy(new Slow(bounds.idleMs)));
          request.once('response', resolveAnswer).once('error', reject).end();
        });
        return await read(answer, bounds, turns);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        return failure(ended.signal.aborted ? ended.signal.reason : error);
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

class Slow extends Error {
  constructor(readonly ms: number) {
    super(`no answer in ${ms} ms`);
  }
}

class PrivateAddress extends Error {}

/** Looks a name up and hands on addresses only when all of them may be connected to. */
function judged(resolve: Resolve, rules: LinkRules): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const isOwn = isOwnHost(hostname, rules);
        const [first] = found;
        if (!first) callback(new Error('The name has no address.'), '', 0);
        else if (!isOwn && !found.every(({ address }) => isPublicAddress(address)))
          callback(new PrivateAddress(PRIVATE), '', 0);
        else if (options.all) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, '', 0),
    );
  };
}

async function read(answer: IncomingMessage, bounds: DownloadLimits, turns: Turns): Promise<Download> {
  const { statusCode: status = 0, headers } = answer;
  if (status !== 200) {
    // A few bytes are read so that the connection can be used again; a host that goes on is cut off.
    await drained(answer);
    return refusal(status, headers);
  }
  const size = Number(headers['content-length'] ?? Number.NaN);
  const tooLarge = () => {
    answer.destroy();
    return refused(`The file has more than ${bounds.bytes / 1024 / 1024} MB.`);
  };
  if (size > bounds.bytes) return tooLarge();
  if (headers['content-encoding'] && headers['content-encoding'] !== 'identity') {
    answer.destroy();
    return { kind: 'passing', words: 'The answer was packed, though nothing packed was asked for.' };
  }
  const parts: Buffer[] = [];
  let total = 0;
  let done: (() => void) | undefined;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      total += part.length;
      if (total > bounds.bytes) return tooLarge();
      if (total > LARGE) done ??= await turns.take();
      parts.push(part);
    }
    return { kind: 'bytes', bytes: parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, total) };
  } finally {
    done?.();
  }
}

const MOST_DRAINED = 64 * 1024;

async function drained(answer: IncomingMessage): Promise<void> {
  let total = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    total += part.length;
    if (total > MOST_DRAINED) break;
  }
}

function refusal(status: number, headers: IncomingMessage['headers']): Download {
  if (status >= 300 && status < 400 && status !== 304)
    return refused('The address leads on to another one, which is not followed.');
  if ([401, 403, 404, 410].includes(status))
    return { kind: 'expired', words: `The link is not good any more (${status}).` };
  const afterMs = afterOf(headers['retry-after']);
  const words = `The server of the picture answered ${status}.`;
  return { kind: 'passing', words, ...(afterMs === undefined ? {} : { afterMs }) };
}

/** The longest that a host may ask to wait, ms. */
const LONGEST_WAIT_MS = 6 * 60 * 60_000;

function afterOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header)
    ? Math.min(Number(header) * 1000, LONGEST_WAIT_MS)
    : undefined;
}

function failure(error: unknown): Download {
  if (error instanceof PrivateAddress) return refused(PRIVATE);
  if (error instanceof Slow)
    return { kind: 'passing', words: `The server of the picture took longer than ${error.ms / 1000} s.` };
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return { kind: 'passing', words: `The server of the picture cannot be reached${code}.` };
}

const refused = (words: string): Download => ({ kind: 'refused', words });

interface Turns {
  /** Resolves when it is one's turn; what it gives ends the turn. */
  take(): Promise<() => void>;
}

function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  return {
    async take() {
      const before = last;
      const mine = new AbortController();
      last = new Promise((resolve) => mine.signal.addEventListener('abort', () => resolve(), { once: true }));
      await before;
      return () => mine.abort();
    },
  };
}
