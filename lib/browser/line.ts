/** A change that waits because App Store Connect takes no more requests of the key for now. */
export interface InLine {
  /** When it is sent, ms since 1970. */
  readonly until: number;
}

let line: readonly InLine[] = [];
const listeners = new Set<() => void>();

function set(next: readonly InLine[]): void {
  line = next;
  for (const listener of listeners) listener();
}

/** The changes that wait, in the order in which they were made. */
export function changesInLine(): readonly InLine[] {
  return line;
}

/** Calls back whenever a change begins or ends to wait; gives how to stop. */
export function subscribeToLine(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Resolves after so many seconds, behind the changes that wait already; rejects when given up. */
export async function standInLine(seconds: number, signal?: AbortSignal): Promise<void> {
  const mine: InLine = { until: Date.now() + seconds * 1_000 };
  set([...line, mine]);
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, seconds * 1_000);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    });
  } finally {
    set(line.filter((one) => one !== mine));
  }
}
