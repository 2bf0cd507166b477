let isOver = false;
const listeners = new Set<() => void>();

/** Flightdeck has said that nobody is signed in. */
export function noteSignedOut(): void {
  isOver = true;
}

/** Flightdeck has answered somebody who is signed in. */
export function noteSignedIn(): void {
  if (!isOver) return;
  isOver = false;
  for (const listener of listeners) listener();
}

/** Calls back when somebody is signed in again, be it somebody else or in another tab; gives how to stop. */
export function subscribeToReturn(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
