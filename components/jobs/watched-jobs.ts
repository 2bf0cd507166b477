'use client';

import { useEffect, useSyncExternalStore } from 'react';

/** A job somebody here has begun or looked at. */
interface Watched {
  readonly id: string;
  /** Begun here: its end is told wherever one is by then. */
  readonly isAnnounced: boolean;
}

let watched: readonly Watched[] = [];
const NONE: readonly Watched[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Watched[]): void {
  watched = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The jobs somebody here has begun or looked at; what they change is asked for again when they end. */
export function useWatchedJobs(): readonly Watched[] {
  return useSyncExternalStore(
    subscribe,
    () => watched,
    () => NONE,
  );
}

/** Watches a job until it ends, also after the page or dialog that named it is closed. */
export function useWatchJob(id: string | undefined): void {
  useEffect(() => {
    if (id !== undefined && !watched.some((one) => one.id === id))
      set([...watched, { id, isAnnounced: false }]);
  }, [id]);
}

/** Watches a job that was begun here, and tells what came of it when it ends: no window has to stay open for that. */
export function announceJob(id: string): void {
  set([...watched.filter((one) => one.id !== id), { id, isAnnounced: true }]);
}

/** Leaves a job that has ended. */
export function forgetJob(id: string): void {
  set(watched.filter((one) => one.id !== id));
}
