import pg from 'pg';
import type { AscFetch } from '@/lib/asc/transport/types';
import type { Sandbox } from '@/lib/sandbox/server';
import { type ManualClock, manualClock } from './clock';

/** Time that leaps from one deadline to the next, for us and for the sandbox alike, while no request is under way. */
export interface VirtualTime {
  readonly clock: ManualClock;
  readonly fetch: AscFetch;
  /** From now on the sandbox counts its quota and judges tokens by this time. */
  lead(sandbox: Sandbox): void;
  /** Moves time on until the promise is settled. */
  drive<T>(promise: Promise<T>): Promise<T>;
  /** Lets time pass no faster than it really does until the promise is settled: what it takes can be measured. */
  inRealTime<T>(promise: Promise<T>): Promise<T>;
}

/** The longest leap, ms: work that waits for something else than a deadline or a request is held up no longer. */
const LEAP_MS = 500;

/** Tokens that are being signed, in threads of their own: no request, and no deadline either. */
let signing = 0;
const { subtle } = globalThis.crypto;
for (const name of ['sign', 'importKey'] as const) {
  const real = subtle[name].bind(subtle) as (...given: unknown[]) => Promise<unknown>;
  Object.defineProperty(subtle, name, {
    configurable: true,
    value: (...given: unknown[]) => {
      signing += 1;
      return real(...given).finally(() => {
        signing -= 1;
      });
    },
  });
}

/** Statements that a PostgreSQL is at work on: the same. */
let asking = 0;
const client: { query: (...given: unknown[]) => unknown } = pg.Client.prototype;
const { query } = client;
client.query = function (...given) {
  const answered = () => {
    asking -= 1;
  };
  asking += 1;
  const told = given.at(-1);
  if (typeof told === 'function') {
    given[given.length - 1] = (...answer: unknown[]) => {
      answered();
      told(...answer);
    };
  }
  const answer = query.apply(this, given);
  if (answer instanceof Promise) answer.then(answered, answered);
  else if (typeof told !== 'function') answered();
  return answer;
};

export function virtualTime(): VirtualTime {
  // What counts by the minute of the clock begins alike in every run.
  const clock = manualClock(Math.floor(Date.now() / 60_000) * 60_000);
  let led: Sandbox | undefined;
  let underWay = 0;
  let inRealTime = 0;
  const step = async () => {
    if (inRealTime > 0) {
      const from = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 2));
      return clock.advance(Math.round(performance.now() - from));
    }
    do await new Promise((resolve) => setImmediate(resolve));
    while (underWay > 0 || signing > 0 || asking > 0);
    const next = clock.sleepers()[0] ?? Number.POSITIVE_INFINITY;
    return clock.advance(Math.max(0, Math.min(next - clock.now(), LEAP_MS)));
  };
  return {
    clock,
    async fetch(url, init) {
      if (led) agree(led, clock.now());
      underWay += 1;
      try {
        const answer = await fetch(url, init);
        // Read here, so that time stands still until the last byte is there.
        const bytes = answer.status === 204 ? null : await answer.arrayBuffer();
        return new Response(bytes, { status: answer.status, headers: answer.headers });
      } finally {
        underWay -= 1;
      }
    },
    lead(sandbox) {
      led = sandbox;
    },
    async drive(promise) {
      let isSettled = false;
      const settled = () => {
        isSettled = true;
      };
      promise.then(settled, settled);
      while (!isSettled) await step();
      return promise;
    },
    async inRealTime(promise) {
      inRealTime += 1;
      return promise.finally(() => {
        inRealTime -= 1;
      });
    },
  };
}

function agree(sandbox: Sandbox, now: number): void {
  const { clock } = sandbox.parts();
  clock.step(now - clock.quota());
  clock.setSkew(now - Date.now());
}
