import type { Surroundings } from './types';

/** What one answer said in `X-Rate-Limit`; every figure may be missing. */
export interface RateLimitReading {
  readonly hourLimit?: number;
  readonly hourRemaining?: number;
  readonly minuteLimit?: number;
  readonly minuteRemaining?: number;
}

/** What is known of a key's quota. Instants in ms since the epoch; undefined = Apple has not said. */
export interface BudgetSnapshot {
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  /** When more quota is expected by our own count of a rolling hour. */
  readonly resetHint: number | undefined;
  readonly observedAt: number | undefined;
  /** Nothing is sent before this instant because Apple answered 429. */
  readonly blockedUntil: number | undefined;
  /** The learned or announced number of requests per minute. */
  readonly perMinute: number | undefined;
  readonly waiting: { readonly interactive: number; readonly write: number; readonly sync: number };
}

export interface BudgetConfig extends Surroundings {
  /** The part of the hourly quota kept for people, 0 to 1. Default 0.15. */
  readonly reserve?: number;
  /** The most sync requests in flight. Default 6. */
  readonly syncConcurrency?: number;
}
