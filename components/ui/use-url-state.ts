'use client';

import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';

type Change = Readonly<Record<string, string | readonly string[] | null>>;

/**
 * The page's search parameters as state: what is set stands in the address at once, without asking the server.
 * `push` makes a step one can go back over; `replace` does not. Null and empty lists leave the address.
 */
export function useUrlState() {
  const parameters = useSearchParams();
  const values = useMemo(() => Object.fromEntries(parameters), [parameters]);
  return { values, set: setUrlState };
}

function setUrlState(change: Change, history: 'push' | 'replace'): void {
  const { pathname, search } = window.location;
  const parameters = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    const text = typeof value === 'string' ? value : (value ?? []).join(',');
    if (text === '') parameters.delete(name);
    else parameters.set(name, text);
  }
  const query = parameters.toString();
  // Next keeps useSearchParams in step with the browser's own history.
  window.history[history === 'push' ? 'pushState' : 'replaceState'](
    null,
    '',
    query ? `${pathname}?${query}` : pathname,
  );
}

/** One of a few words in the address bar; a step one can go back over. The fallback leaves the address. */
export function useUrlChoice<Choice extends string, Fallback extends Choice | null>(
  name: string,
  choices: readonly Choice[],
  fallback: Fallback,
): [Choice | Fallback, (to: Choice | null) => void] {
  const { values } = useUrlState();
  const chosen = choices.find((choice) => choice === values[name]) ?? fallback;
  const set = useCallback(
    (to: Choice | null) => setUrlState({ [name]: to === fallback ? null : to }, 'push'),
    [name, fallback],
  );
  return [chosen, set];
}

/** Any text in the address bar, or null; a step one can go back over. */
export function useUrlText(name: string): [string | null, (to: string | null) => void] {
  const { values } = useUrlState();
  const set = useCallback((to: string | null) => setUrlState({ [name]: to }, 'push'), [name]);
  return [values[name] ?? null, set];
}
