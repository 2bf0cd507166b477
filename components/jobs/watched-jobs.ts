'use client';

import { useEffect, useSyncExternalStore } from 'react';

let watched: readonly string[] = [];
const NONE: readonly string[] = [];
const listeners = new Set<() => void>();

function set(next: readonly string[]): void {
  watched = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The jobs somebody here has begun or looked at; what they change is asked for again when they end. */
export function useWatchedJobs(): readonly string[] {
  return useSyncExternalStore(
    subscribe,
    () => watched,
    () => NONE,
  );
}

/** Watches a job until it ends, also after the page or dialog that named it is closed. */
export function useWatchJob(id: string | undefined): void {
  useEffect(() => {
    if (id !== undefined && !watched.includes(id)) set([...watched, id]);
  }, [id]);
}

/** Leaves a job that has ended. */
export function forgetJob(id: string): void {
  set(watched.filter((each) => each !== id));
}
