import type { Clock } from '@/lib/clock';

interface Sleeper {
  until: number;
  wake: () => void;
}

export interface ManualClock extends Clock {
  /** Moves time on, waking sleepers in the order of their deadlines and letting their work run between them. */
  advance(ms: number): Promise<void>;
  /** The deadlines of those asleep, soonest first, in milliseconds since 1970. */
  sleepers(): number[];
}

/** A clock that stands still until a test moves it. */
export function manualClock(start = Date.parse('2026-02-03T04:05:06.000Z')): ManualClock {
  let now = start;
  let asleep: Sleeper[] = [];
  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper: Sleeper = { until: now + Math.max(0, ms), wake: () => {} };
        const leave = () => {
          asleep = asleep.filter((other) => other !== sleeper);
          signal?.removeEventListener('abort', abort);
        };
        const abort = () => {
          leave();
          reject(signal?.reason);
        };
        sleeper.wake = () => {
          leave();
          resolve();
        };
        signal?.addEventListener('abort', abort, { once: true });
        asleep.push(sleeper);
      });
    },
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        await settle();
        const next = asleep.filter((s) => s.until <= end).sort((a, b) => a.until - b.until)[0];
        if (!next) break;
        now = Math.max(now, next.until);
        next.wake();
      }
      now = end;
      await settle();
    },
    sleepers: () => asleep.map((s) => s.until).sort((a, b) => a - b),
  };
}

/** Lets everything run that waits for promises only. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
