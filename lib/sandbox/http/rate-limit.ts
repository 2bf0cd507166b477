export interface RateLimits {
  /** Requests per rolling hour and key; null switches the limit and its header off. */
  hour: number | null;
  /** Requests per rolling minute and key; null for none, which is the default. */
  minute: number | null;
  /** Whether the header keeps silent about the minute. */
  isMinuteHidden?: boolean;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Instants of one key's requests, oldest dropped as the hour rolls on. */
class Window {
  #times: number[] = [];
  #head = 0;

  add(at: number): void {
    this.#times.push(at);
  }

  /** How many lie after `since`; the list is in order of time. */
  countSince(since: number): number {
    let low = this.#head;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? 0) > since) high = middle;
      else low = middle + 1;
    }
    return this.#times.length - low;
  }

  trim(before: number): void {
    while (this.#head < this.#times.length && (this.#times[this.#head] ?? 0) <= before) this.#head += 1;
    if (this.#head > 4096) {
      this.#times = this.#times.slice(this.#head);
      this.#head = 0;
    }
  }
}

export interface Verdict {
  allowed: boolean;
  /** Value of the `X-Rate-Limit` header, or null when no limit is set. */
  header: string | null;
}

/** Counts requests per key over a rolling hour and, if asked to, a rolling minute. */
export class RateLimiter {
  limits: RateLimits;
  readonly #windows = new Map<string, Window>();
  readonly #now: () => number;

  constructor(limits: RateLimits, now: () => number) {
    this.limits = limits;
    this.#now = now;
  }

  /** Takes one request off the key's quota, unless none is left. */
  take(keyId: string): Verdict {
    const now = this.#now();
    const window = this.#windows.get(keyId) ?? new Window();
    this.#windows.set(keyId, window);
    window.trim(now - HOUR_MS);
    const { hour, minute, isMinuteHidden = false } = this.limits;
    const usedHour = window.countSince(now - HOUR_MS);
    const usedMinute = window.countSince(now - MINUTE_MS);
    const allowed = (hour === null || usedHour < hour) && (minute === null || usedMinute < minute);
    if (allowed) window.add(now);
    const spent = allowed ? 1 : 0;
    const parts = [
      ...(hour === null
        ? []
        : [`user-hour-lim:${hour};user-hour-rem:${Math.max(0, hour - usedHour - spent)};`]),
      ...(minute === null || isMinuteHidden
        ? []
        : [`user-minute-lim:${minute};user-minute-rem:${Math.max(0, minute - usedMinute - spent)};`]),
    ];
    return { allowed, header: parts.length > 0 ? parts.join('') : null };
  }

  reset(): void {
    this.#windows.clear();
  }
}
