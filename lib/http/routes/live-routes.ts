import { appContext } from '@/lib/context';
import { badParameter, RefusedError } from '@/lib/services/errors';
import { eventsFor, LiveHub } from '@/lib/services/live';
import { bePresent, presenceBody } from '@/lib/services/presence';
import { endpoint } from '../core/endpoint';
import { eventStream } from '../core/event-stream';
import { actorOfRequest } from '../core/session';

/** How often it is asked whether the person may still listen, ms: a session that ends, ends the stream. */
const CHECK_MS = 4_000;
/** A stream's longest life, ms. */
const LONGEST_MS = 15 * 60_000;
/** Streams of one person in a process: each browser needs one. */
const MOST_STREAMS = 12;
/** When to come again where there are too many, ms. */
const AGAIN_MS = 30_000;

const open = new Map<string, number>();

/** Bundles of Next may hold this twice; the store is listened to once. */
const shared = globalThis as typeof globalThis & {
  flightdeckHubs?: WeakMap<object, LiveHub>;
  flightdeckStopping?: AbortController;
};

function hubOf(parts: ConstructorParameters<typeof LiveHub>[0]): LiveHub {
  shared.flightdeckHubs ??= new WeakMap();
  const known = shared.flightdeckHubs.get(parts.db);
  if (known) return known;
  const hub = new LiveHub(parts);
  shared.flightdeckHubs.set(parts.db, hub);
  return hub;
}

/** Aborted when the process is told to stop: an open stream would keep it waiting. */
function stopping(): AbortSignal {
  if (shared.flightdeckStopping === undefined) {
    const controller = new AbortController();
    shared.flightdeckStopping = controller;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => controller.abort());
  }
  return shared.flightdeckStopping.signal;
}

/** A moment in an address, ms since 1970; null without one. */
function momentIn(given: string | null): number | null {
  if (given === null) return null;
  if (!/^\d{1,15}$/.test(given)) throw badParameter('since', 'A moment is told in milliseconds since 1970.');
  return Number(given);
}

/** What changes, as it changes, and what did since a moment: one stream for each browser. Kinds and ids alone. */
export const stream = endpoint({
  name: 'stream',
  async run({ ctx, request, query }) {
    const app = await appContext();
    const { id } = ctx.actor;
    const count = open.get(id) ?? 0;
    if (count >= MOST_STREAMS)
      throw new RefusedError(
        {
          status: 429,
          code: 'FLIGHTDECK.STREAMS',
          title: 'Too many browsers',
          detail: 'You have Flightdeck open in too many browsers at once; this one asks less often.',
        },
        app.clock.now() + AGAIN_MS,
      );
    open.set(id, count + 1);
    let { actor } = ctx;
    const since = momentIn(query.get('since'));
    return eventStream({
      subscribe: (tell) => hubOf(app).subscribe((told) => tell(eventsFor(actor, told))),
      missed: async () => (since === null ? [] : eventsFor(actor, await hubOf(app).missed(since))),
      now: app.clock.now(),
      // Listening is no use of the session: it ends as if nobody were there.
      async isStillThere() {
        const now = await actorOfRequest(app, request, { isUse: false });
        if (now) actor = now;
        return now !== null && !now.mustChangePassword;
      },
      checkMs: CHECK_MS,
      longestMs: LONGEST_MS,
      signal: AbortSignal.any([request.signal, stopping()]),
      onEnd: () => void open.set(id, Math.max(0, (open.get(id) ?? 1) - 1)),
    });
  },
});

/** Says that somebody looks at an issue, or not any more; answers who else does. */
export const present = endpoint({
  name: 'presence',
  permission: 'feedback:read',
  body: presenceBody,
  run: async ({ ctx, body }) => ({ body: { data: await bePresent(ctx, body) } }),
});
