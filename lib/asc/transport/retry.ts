import { type AscError, isAscError, withFacts } from '../errors';
import { givenUp } from './given-up';
import type { Health } from './health';
import type { Surroundings, Transport, TransportRequest } from './types';

const MOST_ATTEMPTS = 3;
/** Waiting for the rate limit is not a failure, but an endless series of 429 is. */
const MOST_REFUSALS = 10;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;

/**
 * Repeats what may be repeated: after a 429 anything (the queue does the waiting), after a failure of the servers or
 * the connection only reads and idempotent writes. A write whose fate is open becomes `outcome_unknown`.
 */
export function withRetry(
  next: Transport,
  health: Health,
  { clock, sleep, random }: Surroundings,
): Transport {
  return async (request) => {
    const deadline = clock() + request.maxWaitMs;
    let attempts = 0;
    let refusals = 0;
    let isAmbiguous = false;
    for (;;) {
      attempts++;
      try {
        const maxWaitMs = Math.max(0, deadline - clock());
        const response = await next({ ...request, maxWaitMs, isRepeat: attempts > 1 });
        return { ...response, attempts };
      } catch (error) {
        if (!isAscError(error)) throw error;
        if (!error.isUnsent && isFailure(error)) isAmbiguous = true;
        const isWaiting = error.kind === 'rate_limited' && !error.isUnsent && ++refusals < MOST_REFUSALS;
        if (isWaiting) continue;
        const mayRepeat =
          isFailure(error) && request.idempotent && attempts - refusals < MOST_ATTEMPTS && health.takeRetry();
        if (!mayRepeat) throw conclude(error, request, attempts, isAmbiguous);
        const pause = backoff(attempts, random, error.retryAt === undefined ? 0 : error.retryAt - clock());
        await sleep(pause, request.signal).catch(() => {
          throw conclude(givenUp(), request, attempts, isAmbiguous);
        });
      }
    }
  };
}

function isFailure(error: AscError): boolean {
  return error.is('server', 'intermediary', 'network', 'timeout');
}

/** Full jitter, so that many callers do not return together; the server's own wish comes first, up to 30 s. */
function backoff(attempt: number, random: () => number, askedMs: number): number {
  const ceiling = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
  return Math.max(Math.min(30_000, askedMs), 100 + random() * ceiling);
}

/** A write that was sent and not answered readably may or may not have happened. */
function conclude(
  error: AscError,
  request: TransportRequest,
  attempts: number,
  isAmbiguous: boolean,
): AscError {
  const { method, path } = request;
  const about = { method, path, attempts };
  const isOpen = isAmbiguous || (!error.isUnsent && error.is('aborted', 'malformed_response', 'too_large'));
  if (method === 'GET' || !isOpen || isFinal(error, method)) return withFacts(error, about);
  return withFacts(error, {
    ...about,
    kind: 'outcome_unknown',
    message: `It is not known whether App Store Connect carried this out: ${error.message}`,
  });
}

/**
 * Answers that settle the matter even after an earlier attempt was lost. That a thing to be deleted is not there, or not
 * in a state for it, may be that attempt's own doing.
 */
function isFinal(error: AscError, method: TransportRequest['method']): boolean {
  const isOwnDoing = method === 'DELETE' && error.is('not_found', 'conflict');
  return !isOwnDoing && error.is('invalid_request', 'conflict', 'unprocessable', 'not_found');
}
