import { setTimeout as delay } from 'node:timers/promises';

/** Time as a parameter, so that tests can own it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await delay(Math.max(0, ms), undefined, signal ? { signal } : {});
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};

/** A sleep that others may cut short. */
export interface Alarm {
  /** Ends the sleep under way; when nobody sleeps, the next one. */
  ring(): void;
  /** Resolves after `ms` milliseconds, or at once when it is rung or was since the last sleep. Never rejects. */
  sleep(ms: number): Promise<void>;
}

/** An alarm that rings by itself when `signal` is aborted. */
export function createAlarm(clock: Pick<Clock, 'sleep'>, signal: AbortSignal): Alarm {
  let rung = new AbortController();
  const ring = () => rung.abort();
  // Not AbortSignal.any: one for each sleep would be held by a signal that lives as long as the process.
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    async sleep(ms) {
      if (signal.aborted) return;
      await clock.sleep(ms, rung.signal).catch(() => undefined);
      rung = new AbortController();
    },
  };
}
