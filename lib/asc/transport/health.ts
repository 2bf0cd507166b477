import { AscError, withFacts } from '../errors';
import { givenUp } from './given-up';
import type { Surroundings, TransportRequest } from './types';

const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 30_000;
/** A probe that never reports does not keep the breaker open for ever. */
const PROBE_MS = 60_000;
/** How long a refused key is not tried again. */
const REFUSAL_MS = 30_000;
const MOST_RETRIES_SAVED = 10;
const RETRIES_AT_START = 3;
const RETRY_PER_SUCCESS = 0.1;

/** What is known of the key's and Apple's condition; keeps an outage from becoming a storm of requests. */
export interface Health {
  /**
   * Throws `breaker_open`, or the refusal of the key, instead of letting a request go out; call the result when the
   * request is over. While one request tries whether Apple is well again, the others wait for what becomes of it as long
   * as they would for the rate limit: a sync's lists begin together, and the refusal of one would end them all.
   */
  admit(request: Pick<TransportRequest, 'maxWaitMs' | 'signal'>): Promise<() => void>;
  /** The part of `admit` that needs no decision yet: throws a standing refusal before a request queues. */
  admitWaiting(): void;
  succeeded(): void;
  /** A 5xx, a timeout or a broken connection. */
  failed(error: AscError): void;
  /** Neither good nor bad news about Apple's servers, such as a 404 or a 429. */
  answered(): void;
  /** The key itself is refused (401, missing agreement): the same answer for everybody for half a minute. */
  refused(error: AscError): void;
  /** The standing refusal, if any. */
  refusal(): AscError | undefined;
  /** Whether the key was refused and nothing has been accepted since, however long ago. */
  isSuspect(): boolean;
  /** Whether a retry may be spent; ten per cent of the successes earn one each. */
  takeRetry(): boolean;
}

/** Makes the breaker, the retry bucket and the memory of a refused key. */
export function createHealth({ clock, sleep }: Pick<Surroundings, 'clock' | 'sleep'>): Health {
  let failures = 0;
  let retries = RETRIES_AT_START;
  let pauseMs = FIRST_PAUSE_MS;
  let openUntil: number | undefined;
  let lastFailure: AscError | undefined;
  let probe: { readonly since: number; readonly over: AbortController } | undefined;
  let refusedAs: { error: AscError; until: number } | undefined;

  const endProbe = () => {
    const ended = probe;
    probe = undefined;
    ended?.over.abort();
  };
  const closeBreaker = () => {
    failures = 0;
    openUntil = undefined;
    pauseMs = FIRST_PAUSE_MS;
    endProbe();
  };
  const refusal = () => (refusedAs && clock() < refusedAs.until ? refusedAs.error : undefined);

  const throwRefusal = () => {
    const standing = refusal();
    if (standing) throw withFacts(standing, { isUnsent: true, retryAt: refusedAs?.until ?? clock() });
  };

  /** Lets one request try; given up by its caller, it lets another one try. */
  const begin = (now: number) => {
    const mine = { since: now, over: new AbortController() };
    probe = mine;
    return () => {
      if (probe === mine) endProbe();
    };
  };
  const breakerOpen = (until: number, now: number) =>
    new AscError({
      kind: 'breaker_open',
      // Of Apple's own words only the one who asked is told: they may name what others must not see.
      message:
        `App Store Connect has been failing and is not asked for a moment. ${lastFailure?.is('server') === false ? lastFailure.message : ''}`.trim(),
      retryAt: Math.max(until, now + 1_000),
      isUnsent: true,
      after: lastFailure?.kind,
    });

  return {
    admitWaiting: throwRefusal,
    async admit({ maxWaitMs, signal }) {
      for (const deadline = clock() + maxWaitMs; ; ) {
        throwRefusal();
        if (openUntil === undefined) return () => undefined;
        const now = clock();
        const left = probe === undefined ? 0 : probe.since + PROBE_MS - now;
        if (now >= openUntil && left <= 0) return begin(now);
        if (now < openUntil || probe === undefined || now >= deadline) throw breakerOpen(openUntil, now);
        const { over } = probe;
        const either = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
        await sleep(Math.min(left, deadline - now), either).catch(() => {
          if (signal?.aborted) throw givenUp();
        });
      }
    },
    succeeded() {
      closeBreaker();
      refusedAs = undefined;
      retries = Math.min(MOST_RETRIES_SAVED, retries + RETRY_PER_SUCCESS);
    },
    answered: closeBreaker,
    failed(error) {
      failures++;
      lastFailure = error;
      if (probe !== undefined) pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      if (failures < FAILURES_TO_OPEN && probe === undefined) return;
      openUntil = clock() + pauseMs;
      endProbe();
    },
    refused(error) {
      refusedAs = { error, until: clock() + REFUSAL_MS };
    },
    refusal,
    isSuspect: () => refusedAs !== undefined,
    takeRetry() {
      if (openUntil !== undefined || retries < 1) return false;
      retries--;
      return true;
    },
  };
}
