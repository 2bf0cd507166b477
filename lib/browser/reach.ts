const EVERY_MS = 3_000;
const PATIENCE_MS = 10_000;

let isAway = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let isProbing = false;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  if (isAway === next) return;
  isAway = next;
  for (const listener of listeners) listener();
}

/** Whether Flightdeck gives no answer right now, as far as this tab has seen. */
export function isServerAway(): boolean {
  return isAway;
}

/** Calls back whenever Flightdeck goes away or comes back; gives how to stop. */
export function subscribeToReach(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A proxy's answer in the place of Flightdeck's: an error of a gateway without our reasons. */
export function isSilence(status: number, body: unknown): boolean {
  return [502, 503, 504].includes(status) && !(typeof body === 'object' && body !== null);
}

/** Flightdeck has answered something, be it a refusal. */
export function noteAnswer(): void {
  clearTimeout(timer);
  timer = undefined;
  set(false);
}

/**
 * A request got no answer. One alone proves nothing (a page that is left breaks off its requests): a second one is
 * made, and from then on every few seconds until there is an answer.
 */
export function noteSilence(): void {
  if (!isProbing && timer === undefined) void ask();
}

async function ask(): Promise<void> {
  isProbing = true;
  const isBack = await isAnswering();
  isProbing = false;
  timer = undefined;
  if (isBack) return noteAnswer();
  set(true);
  timer = setTimeout(() => void ask(), EVERY_MS);
}

async function isAnswering(): Promise<boolean> {
  try {
    const answer = await fetch('/api/health/live', {
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const body: unknown = await answer.json();
    return answer.ok && (body as { status?: unknown } | null)?.status === 'live';
  } catch {
    return false;
  }
}

/**
 * Wraps the fetching of a part of the page that is needed only now: while Flightdeck gives no answer it waits for one,
 * where a failed fetch would take the page away.
 */
export function whenReachable<Part>(load: () => Promise<Part>): () => Promise<Part> {
  return async () => {
    try {
      return await load();
    } catch {
      noteSilence();
      while (!(await isAnswering())) await new Promise((again) => setTimeout(again, EVERY_MS));
      return load();
    }
  };
}
