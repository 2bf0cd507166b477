import { AscError } from '../errors';
import type { BudgetConfig, BudgetSnapshot, RateLimitReading } from './budget-types';
import { Quota } from './quota';
import type { Lane } from './types';

const LANES: readonly Lane[] = ['interactive', 'write', 'sync'];
const INTERACTIVE_CONCURRENCY = 12;
/** Above this the ramp after a 429 no longer limits anything. */
const RAMP_TOP = 32;
/** After a 429 nothing leaves for so long at least, whatever it says: twice as long for each that follows another, ms. */
const LEAST_WAIT_MS = 1_000;
const MOST_LEAST_WAIT_MS = 60_000;

export interface SlotRequest {
  readonly lane: Lane;
  readonly maxWaitMs: number;
  readonly isRepeat?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A queue in front of every request of one key. */
export interface Throttle {
  /**
   * Waits for permission to send one request; call the result when the request is over.
   * Rejects with `rate_limited` (and `retryAt`) as soon as the wait is known to be longer than `maxWaitMs`.
   */
  acquire(request: SlotRequest): Promise<() => void>;
  observe(reading: RateLimitReading): void;
  /** A 429 that asks to wait until this instant. Gives until when nothing leaves, which may be later. */
  refuse(until: number): number;
  /** An answer other than 429. */
  accept(): void;
  snapshot(): BudgetSnapshot;
}

interface Waiter extends SlotRequest {
  readonly deadline: number;
  readonly start: (release: () => void) => void;
  readonly fail: (error: AscError) => void;
}

/** Makes the queue: interactive before write (one at a time) before sync, re-checked after every wake. */
export function createThrottle(config: BudgetConfig): Throttle {
  const { clock, sleep, reserve = 0.15, syncConcurrency = 6 } = config;
  const quota = new Quota(reserve, config.ledger);
  const queues: Record<Lane, Waiter[]> = { interactive: [], write: [], sync: [] };
  const inFlight: Record<Lane, number> = { interactive: 0, write: 0, sync: 0 };
  let syncLimit = syncConcurrency;
  let successes = 0;
  // After a 429 requests leave one by one until answers come again, so that those waiting do not burst.
  let ramp = RAMP_TOP;
  let leastWaitMs = LEAST_WAIT_MS;
  let wake: { at: number; stop: AbortController } | undefined;

  const total = () => inFlight.interactive + inFlight.write + inFlight.sync;
  const hasRoom = (lane: Lane) => {
    if (total() >= ramp && ramp < RAMP_TOP) return false;
    if (lane === 'write') return inFlight.write < 1;
    return inFlight[lane] < (lane === 'sync' ? syncLimit : INTERACTIVE_CONCURRENCY);
  };

  function wakeAt(at: number): void {
    if (wake && wake.at <= at) return;
    wake?.stop.abort();
    const mine = { at, stop: new AbortController() };
    wake = mine;
    const over = () => {
      if (wake !== mine) return;
      wake = undefined;
      pump();
    };
    sleep(Math.max(0, at - clock()), mine.stop.signal).then(over, () => undefined);
  }

  function begin(waiter: Waiter): void {
    const { lane } = waiter;
    inFlight[lane]++;
    quota.countSent(clock());
    let isOver = false;
    waiter.start(() => {
      if (isOver) return;
      isOver = true;
      inFlight[lane]--;
      pump();
    });
  }

  /** Lets go who may go now, by what all processes of the key have done. */
  function pump(): void {
    const renewed = config.ledger?.renew(clock());
    if (renewed) renewed.then(admit);
    else admit();
  }

  function admit(): void {
    for (const lane of LANES) {
      const queue = queues[lane];
      while (queue.length > 0) {
        const now = clock();
        const readyAt = quota.readyAt(lane, total(), now);
        if (readyAt > now) {
          giveUp(queue, readyAt);
          if (queue.length > 0) wakeAt(readyAt);
          break;
        }
        if (!hasRoom(lane)) break;
        const next = queue.shift();
        if (next) begin(next);
      }
    }
  }

  function giveUp(queue: Waiter[], readyAt: number): void {
    for (const waiter of queue.filter((candidate) => candidate.deadline < readyAt)) {
      queue.splice(queue.indexOf(waiter), 1);
      waiter.fail(
        new AscError({
          kind: 'rate_limited',
          message:
            quota.blockedUntil(clock()) === undefined
              ? 'Flightdeck spaces its requests, to stay within what App Store Connect allows with this key.'
              : 'App Store Connect allows no more requests with this key for now.',
          retryAt: readyAt,
          isUnsent: true,
        }),
      );
    }
  }

  return {
    acquire(request) {
      return new Promise((resolve, reject) => {
        const { lane, signal } = request;
        const queue = queues[lane];
        const stop = () => {
          const place = queue.indexOf(waiter);
          if (place >= 0) queue.splice(place, 1);
          waiter.fail(
            new AscError({
              kind: 'aborted',
              message: 'The request was given up while waiting.',
              isUnsent: true,
            }),
          );
        };
        const settled = () => signal?.removeEventListener('abort', stop);
        const waiter: Waiter = {
          ...request,
          deadline: clock() + request.maxWaitMs,
          start: (release) => {
            settled();
            resolve(release);
          },
          fail: (error) => {
            settled();
            reject(error);
          },
        };
        if (signal?.aborted) return stop();
        signal?.addEventListener('abort', stop, { once: true });
        if (request.isRepeat) queue.unshift(waiter);
        else queue.push(waiter);
        pump();
      });
    },
    observe: (reading) => quota.observe(reading, clock()),
    refuse(told) {
      const now = clock();
      const wasBlocked = quota.blockedUntil(now) !== undefined;
      // Those that were under way together are refused together, and count once.
      const until = wasBlocked ? told : Math.max(told, now + leastWaitMs);
      quota.refuse(until, now);
      ramp = 1;
      successes = 0;
      if (!wasBlocked) {
        leastWaitMs = Math.min(MOST_LEAST_WAIT_MS, leastWaitMs * 2);
        syncLimit = Math.max(1, Math.floor(syncLimit / 2));
      }
      pump();
      return quota.blockedUntil(now) ?? until;
    },
    accept() {
      quota.accept(Math.max(0, total() - 1), clock());
      leastWaitMs = LEAST_WAIT_MS;
      if (ramp < RAMP_TOP) ramp *= 2;
      successes++;
      if (successes >= syncLimit * 2 && syncLimit < syncConcurrency) {
        syncLimit++;
        successes = 0;
      }
    },
    snapshot: () => ({
      ...quota.figures(clock()),
      waiting: {
        interactive: queues.interactive.length,
        write: queues.write.length,
        sync: queues.sync.length,
      },
    }),
  };
}
