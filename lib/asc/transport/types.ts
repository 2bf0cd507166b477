/** Who waits for an answer: a person, a change, or a background sync. */
export type Lane = 'interactive' | 'write' | 'sync';

/** The part of `fetch` the client uses; tests pass their own. */
export type AscFetch = (url: string, init: AscFetchInit) => Promise<Response>;

export interface AscFetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

/** One request on its way through throttle, retry and authorisation. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Absolute, on the configured host. */
  readonly url: string;
  /** Path and query, for errors. */
  readonly path: string;
  /** The JSON text to send. */
  readonly body?: string;
  readonly accept: string;
  /** Whether a repeat has no further effect. */
  readonly idempotent: boolean;
  readonly lane: Lane;
  /** ms; `Infinity` waits for as long as the limit lasts. */
  readonly maxWaitMs: number;
  /** A repeat goes ahead of first attempts. */
  readonly isRepeat?: boolean;
  readonly signal?: AbortSignal;
}

/** A complete answer with status 2xx. */
export interface TransportResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; null for an empty body. */
  readonly json: unknown;
  readonly requestId: string | undefined;
  readonly attempts: number;
}

export type Transport = (request: TransportRequest) => Promise<TransportResponse>;

/** What time, waiting and chance are made of; tests replace them. */
export interface Surroundings {
  /** ms since the epoch */
  readonly clock: () => number;
  /** Resolves after so many ms; rejects with the signal's reason when aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
}
