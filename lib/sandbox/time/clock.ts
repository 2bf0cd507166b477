export interface ClockOptions {
  epochMs: number;
  /** Programme seconds per real second. */
  speed: number;
  /** Where the programme's time stands at the start; the epoch unless an earlier run is continued. */
  nowMs?: number;
  /** Real milliseconds since 1970; a parameter so that tests can hold it still. */
  realNow?: () => number;
}

/** Two times: the programme's, which runs at a chosen speed and can be stepped, and the server's own. */
export class Clock {
  readonly epochMs: number;
  #speed: number;
  #base: number;
  #since: number;
  #steppedMs = 0;
  #skewMs = 0;
  #pinned: number | null = null;
  readonly #realNow: () => number;

  constructor(options: ClockOptions) {
    this.#realNow = options.realNow ?? Date.now;
    this.epochMs = options.epochMs;
    this.#speed = options.speed;
    this.#base = options.nowMs ?? options.epochMs;
    this.#since = this.#realNow();
  }

  /** The programme's time in milliseconds since 1970: what resources are dated with. */
  now(): number {
    return this.#pinned ?? this.running();
  }

  /** The same, also while something is being caught up with that lies in the past. */
  running(): number {
    return this.#base + (this.#realNow() - this.#since) * this.#speed;
  }

  iso(atMs: number = this.now()): string {
    return new Date(atMs).toISOString();
  }

  /** The server's wall clock as its `Date` header shows it and tokens are judged by. */
  server(): number {
    return this.#realNow() + this.#skewMs;
  }

  /** A clock for quotas: real time plus every step, so that a test may let an hour pass. */
  quota(): number {
    return this.#realNow() + this.#steppedMs;
  }

  /** Runs something as if it were then. */
  during(atMs: number, run: () => void): void {
    this.#pinned = atMs;
    try {
      run();
    } finally {
      this.#pinned = null;
    }
  }

  step(ms: number): void {
    this.#base += ms;
    this.#steppedMs += ms;
  }

  setSpeed(speed: number): void {
    this.#base = this.running();
    this.#since = this.#realNow();
    this.#speed = speed;
  }

  setSkew(ms: number): void {
    this.#skewMs = ms;
  }

  get speed(): number {
    return this.#speed;
  }

  get skewMs(): number {
    return this.#skewMs;
  }
}
