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
  /** What of that syncs and jobs may use: the rest is kept for people. */
  readonly perMinuteInBackground: number | undefined;
  /** What jobs use of a minute while no limit is known, which grows while nothing is refused, and what of it has passed. */
  readonly perMinuteAtFirst: { readonly now: number; readonly passed: number } | undefined;
  /** So many of these leave without a pause, before they leave evenly. */
  readonly atOnceInBackground: number | undefined;
  readonly waiting: { readonly interactive: number; readonly write: number; readonly sync: number };
}

/** A number of requests per minute that a 429 taught. */
export interface LearnedPace {
  readonly perMinute: number;
  /** How many requests the minute held when Apple refused one more. */
  readonly refusedAt: number;
  /** ms since the epoch */
  readonly at: number;
}

/** The most requests of one minute that were all accepted. */
export interface PassedMinute {
  readonly count: number;
  /** ms since the epoch */
  readonly at: number;
}

/** What the other processes of the same key have noted. Instants in ms since the epoch. */
export interface SharedFacts {
  /** Their requests of the last minute, by instant. */
  readonly sent: readonly { readonly at: number; readonly count: number }[];
  readonly blockedUntil: number | undefined;
  readonly learned: LearnedPace | undefined;
  readonly passed: PassedMinute | undefined;
  readonly hour:
    | { readonly limit: number | undefined; readonly remaining: number; readonly observedAt: number }
    | undefined;
}

/** Where the processes of one key tell each other what they spend and learn; never throws. */
export interface Ledger {
  /** What was last read. */
  readonly facts: SharedFacts;
  /** Reads anew what is too old to decide by; undefined when nothing is. */
  renew(now: number): Promise<void> | undefined;
  spend(at: number): void;
  note(facts: Partial<Omit<SharedFacts, 'sent'>>): void;
}

export interface BudgetConfig extends Surroundings {
  /** Without it the budget is this process's alone. */
  readonly ledger?: Ledger | undefined;
  /** The part of the hourly quota kept for people, 0 to 1. Default 0.15. */
  readonly reserve?: number;
  /** The most sync requests in flight. Default 6. */
  readonly syncConcurrency?: number;
}
