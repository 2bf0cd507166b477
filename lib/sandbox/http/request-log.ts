export interface RequestEntry {
  n: number;
  method: string;
  /** Path and query as they came. */
  url: string;
  template: string | null;
  status: number;
  keyId: string | null;
  hasBody: boolean;
  /** Milliseconds since 1970, wall clock. */
  at: number;
  durationMs: number;
  /** The fault that was injected, if one was. */
  fault: string | null;
}

const KEPT = 50_000;

/** What was asked of the sandbox, newest last. */
export class RequestLog {
  #entries: RequestEntry[] = [];
  #count = 0;

  add(entry: Omit<RequestEntry, 'n'>): void {
    this.#count += 1;
    this.#entries.push({ n: this.#count, ...entry });
    if (this.#entries.length > KEPT * 1.1) this.#entries = this.#entries.slice(-KEPT);
  }

  entries(): readonly RequestEntry[] {
    return this.#entries;
  }

  /** Requests since the last reset, also those no longer kept. */
  get count(): number {
    return this.#count;
  }

  reset(): void {
    this.#entries = [];
    this.#count = 0;
  }
}
