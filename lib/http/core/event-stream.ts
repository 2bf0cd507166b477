import type { LiveEvent } from '@/lib/services/live';

/** What a stream of events is told by. */
export interface StreamParts {
  /** Calls back with what happens; gives what ends that. */
  readonly subscribe: (tell: (events: readonly LiveEvent[]) => void) => () => void;
  /** What happened before it began; told after `ready`. */
  readonly missed: () => Promise<readonly LiveEvent[]>;
  /** ms since 1970, told with `ready`: whoever comes again says from when on they have heard nothing. */
  readonly now: number;
  /** Whether the person may still listen; asked again and again. */
  readonly isStillThere: () => Promise<boolean>;
  readonly checkMs: number;
  /** After this it ends, and the browser comes again, ms. */
  readonly longestMs: number;
  /** The reader goes, or the process stops. */
  readonly signal: AbortSignal;
  readonly onEnd: () => void;
}

/** How long a browser waits before it comes again, ms. */
const AGAIN_MS = 2_000;
/** A reader that takes nothing any more is let go at so many waiting pieces. */
const MOST_WAITING = 500;

/** Server-sent events: `ready` first, then what happens, and a sign of life in between. */
export function eventStream({
  subscribe,
  missed,
  now,
  isStillThere,
  checkMs,
  longestMs,
  signal,
  onEnd,
}: StreamParts): Response {
  const encoder = new TextEncoder();
  let end = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let isOver = false;
        const say = (text: string) => {
          if (isOver) return;
          if ((controller.desiredSize ?? 0) < -MOST_WAITING) return end();
          controller.enqueue(encoder.encode(text));
        };
        const tell = (events: readonly LiveEvent[]) => {
          for (const { kind, ...rest } of events) say(`event: ${kind}\ndata: ${JSON.stringify(rest)}\n\n`);
        };
        const leave = subscribe(tell);
        const check = async () => {
          if (await isStillThere().catch(() => true)) say(': here\n\n');
          else {
            say('event: over\ndata: {}\n\n');
            end();
          }
        };
        const checks = setInterval(() => void check(), checkMs);
        const longest = setTimeout(() => end(), longestMs);
        end = () => {
          if (isOver) return;
          isOver = true;
          clearInterval(checks);
          clearTimeout(longest);
          signal.removeEventListener('abort', end);
          leave();
          onEnd();
          try {
            controller.close();
          } catch {
            // The reader has gone already.
          }
        };
        signal.addEventListener('abort', end, { once: true });
        if (signal.aborted) return end();
        say(`retry: ${AGAIN_MS}\nevent: ready\ndata: ${JSON.stringify({ at: now })}\n\n`);
        missed().then(tell, () => tell([{ kind: 'gap' }]));
      },
      cancel: () => end(),
    },
    { highWaterMark: 16 },
  );
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      // Neither kept nor packed on the way: a proxy would hold it back until it has enough.
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    },
  });
}
