import type { LiveEvent } from '@/lib/services/live';
import { api } from './api';
import { noteSignedIn, noteSignedOut } from './session-over';

export type { LiveEvent };

const NAME = 'flightdeck-stream';
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Tells what changes, as it changes, until `signal` is aborted. One tab of a browser holds the stream and passes on what
 * it hears; when that tab is closed another one takes it up.
 * @param servedAt when the server made the page, ms since 1970: what changed since is told too
 */
export function followStream(tell: (event: LiveEvent) => void, servedAt: number, signal: AbortSignal): void {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(NAME);
  channel?.addEventListener('message', ({ data }: MessageEvent<LiveEvent>) => {
    noteSignedIn();
    tell(data);
  });
  signal.addEventListener('abort', () => channel?.close(), { once: true });
  const heard = { since: servedAt };
  const lead = () =>
    holdStream(
      (event) => {
        tell(event);
        channel?.postMessage(event);
      },
      heard,
      signal,
    );
  const { locks } = navigator;
  // Without locks or a channel each tab has a stream of its own.
  const follow = () =>
    !locks || channel === null ? lead() : locks.request(NAME, { signal }, lead).catch(() => undefined);
  void (async () => {
    while (!signal.aborted) {
      await follow();
      // The session is over. Another tab, where somebody signs in, may take the stream up meanwhile.
      await pause(LONGEST_WAIT_MS, signal);
    }
  })();
}

/** By the server's clock, ms since 1970: until when everything has been heard. */
interface Heard {
  since: number;
}

/** Keeps a stream open, again and again, until `signal` is aborted or the session is over. */
async function holdStream(
  tell: (event: LiveEvent) => void,
  heard: Heard,
  signal: AbortSignal,
): Promise<void> {
  let wait = FIRST_WAIT_MS;
  let ahead = 0;
  while (!signal.aborted) {
    const ended = await oneStream({
      since: heard.since,
      signal,
      onReady(at) {
        wait = FIRST_WAIT_MS;
        heard.since = at;
        ahead = at - performance.now();
        noteSignedIn();
      },
      onEvent(event) {
        heard.since = Math.max(heard.since, Math.floor(performance.now() + ahead));
        tell(event);
      },
    });
    if (signal.aborted) return;
    if (ended === 'over') return noteSignedOut();
    // Not all browsers at once.
    await pause(wait * (0.75 + Math.random() / 2), signal);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

/** One connection, until it breaks. */
function oneStream({
  since,
  signal,
  onReady,
  onEvent,
}: {
  since: number;
  signal: AbortSignal;
  onReady: (at: number) => void;
  onEvent: (event: LiveEvent) => void;
}): Promise<'over' | 'broken'> {
  return new Promise((resolve) => {
    const source = new EventSource(`/api/stream?since=${since}`);
    const end = (why: 'over' | 'broken') => {
      source.close();
      signal.removeEventListener('abort', leave);
      resolve(why);
    };
    const leave = () => end('over');
    signal.addEventListener('abort', leave, { once: true });
    source.addEventListener('ready', ({ data }: MessageEvent<string>) =>
      onReady((JSON.parse(data) as { at: number }).at),
    );
    source.addEventListener('gap', () => onEvent({ kind: 'gap' }));
    source.addEventListener('change', ({ data }: MessageEvent<string>) => {
      const change = JSON.parse(data) as Omit<Extract<LiveEvent, { kind: 'change' }>, 'kind'>;
      onEvent({ kind: 'change', ...change });
    });
    source.addEventListener('over', () => end('over'));
    source.addEventListener('error', () => end('broken'));
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/** Somebody who looks at the same thing. */
export interface Present {
  readonly id: string;
  readonly name: string;
}

/** Says that this tab shows an issue, or not any more; gives who else looks at it. */
export async function sayPresence(
  body: { readonly issueId: string; readonly place: string; readonly isHere: boolean },
  { keepalive = false }: { readonly keepalive?: boolean } = {},
): Promise<readonly Present[]> {
  const { data } = await api<{ data: readonly Present[] }>('/api/presence', {
    method: 'POST',
    body,
    keepalive,
  });
  return data;
}
