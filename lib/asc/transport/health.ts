import { AscError, withFacts } from '../errors';
import type { Surroundings } from './types';

const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 30_000;
/** How long a refused key is not tried again. */
const REFUSAL_MS = 30_000;
const MOST_RETRIES_SAVED = 10;
const RETRIES_AT_START = 3;
const RETRY_PER_SUCCESS = 0.1;

/** What is known of the key's and Apple's condition; keeps an outage from becoming a storm of requests. */
export interface Health {
  /** Throws `breaker_open`, or the refusal of the key, instead of letting a request go out. */
  admit(): void;
  /** The part of `admit` that needs no decision yet: throws a standing refusal before a request queues. */
  admitWaiting(): void;
  succeeded(): void;
  /** A 5xx, a timeout or a broken connection. */
  failed(): void;
  /** Neither good nor bad news about Apple's servers, such as a 404 or a 429. */
  answered(): void;
  /** The caller gave up before there was an answer. */
  abandoned(): void;
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
export function createHealth({ clock }: Surroundings): Health {
  let failures = 0;
  let retries = RETRIES_AT_START;
  let pauseMs = FIRST_PAUSE_MS;
  let openUntil: number | undefined;
  let probeSince: number | undefined;
  let refusedAs: { error: AscError; until: number } | undefined;

  const closeBreaker = () => {
    failures = 0;
    openUntil = undefined;
    probeSince = undefined;
    pauseMs = FIRST_PAUSE_MS;
  };
  const refusal = () => (refusedAs && clock() < refusedAs.until ? refusedAs.error : undefined);

  const throwRefusal = () => {
    const standing = refusal();
    if (standing) throw withFacts(standing, { isUnsent: true, retryAt: refusedAs?.until ?? clock() });
  };

  return {
    admitWaiting: throwRefusal,
    admit() {
      throwRefusal();
      if (openUntil === undefined) return;
      const now = clock();
      // A probe that never reports (its caller gave up) does not keep the breaker shut for ever.
      const isProbing = probeSince !== undefined && now - probeSince < 60_000;
      if (now < openUntil || isProbing) {
        throw new AscError({
          kind: 'breaker_open',
          message: 'App Store Connect has been failing and is not asked for a moment.',
          retryAt: Math.max(openUntil, now + 1_000),
          isUnsent: true,
        });
      }
      probeSince = now;
    },
    succeeded() {
      closeBreaker();
      refusedAs = undefined;
      retries = Math.min(MOST_RETRIES_SAVED, retries + RETRY_PER_SUCCESS);
    },
    answered: closeBreaker,
    failed() {
      failures++;
      if (probeSince !== undefined) pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      if (failures < FAILURES_TO_OPEN && probeSince === undefined) return;
      probeSince = undefined;
      openUntil = clock() + pauseMs;
    },
    abandoned() {
      probeSince = undefined;
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
