/** From this latency on it takes more pages at a time to keep the store busy, ms. */
const SLOW_MS = 350;
/** So many pages may be asked for again after a kill at any moment. */
const FEW = 2;
/** The share of a sync's requests that a kill may cost. */
const LOSS = 0.02;
/** The latency is the least of so many answers: what our own work adds to some of them does not count. */
const REMEMBERED = 6;

/**
 * How many pages are under way between the question to Apple and the store. A process that is killed has to ask for these
 * again, so there are no more than are needed: near servers are answered faster than can be stored, far ones need all.
 */
export class Slots {
  #taken = 0;
  #expected = 0;
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  readonly #latencies: number[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Waits for a place; the function given back frees it, once. */
  async take(): Promise<() => void> {
    if (this.#taken < this.limit) this.#taken += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let isFree = false;
    return () => {
      if (isFree) return;
      isFree = true;
      this.#taken -= 1;
      this.#admit();
    };
  }

  /** An answer took so many ms. */
  answered(ms: number): void {
    this.#latencies.push(ms);
    if (this.#latencies.length > REMEMBERED) this.#latencies.shift();
    this.#admit();
  }

  /** The sync will take so many requests. */
  expect(requests: number): void {
    this.#expected = requests;
    this.#admit();
  }

  /** How many may be under way. */
  get limit(): number {
    const isFar = this.#latencies.length > 0 && Math.min(...this.#latencies) >= SLOW_MS;
    return isFar ? this.#most : Math.max(FEW, Math.min(this.#most, Math.floor(this.#expected * LOSS)));
  }

  #admit(): void {
    while (this.#waiting.length > 0 && this.#taken < this.limit) {
      this.#taken += 1;
      this.#waiting.shift()?.();
    }
  }
}
