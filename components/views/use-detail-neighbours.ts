'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { useCallback, useEffect } from 'react';
import { keepPlace } from '@/components/ui/data-table/memory';
import { isTyping } from '@/components/ui/typing';
import { type ListScope, type ListSpec, listQuery, listState } from '@/lib/browser/lists';
import { type Neighbour, neighboursOptions } from '@/lib/browser/lookups';

/** The list that a detail was opened from. */
export interface DetailList {
  readonly spec: ListSpec;
  readonly scope: ListScope;
  /** Where the list is shown. */
  readonly path: string;
  readonly hrefOf: (row: Neighbour) => string;
  /** How to get there; by default the router asks the server for the page. */
  readonly go?: (href: string) => void;
}

export interface Step {
  readonly href: string;
  /** Lets the list remember this row, to be called when one goes there. */
  readonly keep: () => void;
  readonly key: string;
  /** How to get there without the server. */
  readonly go: ((href: string) => void) | undefined;
}

export interface DetailNeighbours {
  readonly previous: Step | undefined;
  readonly next: Step | undefined;
  /** The address of the list as it was. */
  readonly list: string;
  readonly place: number | null;
  readonly total: number | null;
  /** The rows themselves, and what is asked for those beside another one. */
  readonly beside: {
    readonly previous: Neighbour | null;
    readonly next: Neighbour | null;
    readonly ask: (id: string) => ReturnType<typeof neighboursOptions>;
  };
}

/**
 * Who stands before and after a row in the list it was opened from, wherever it stands there; `j` next, `k` previous,
 * `esc` back to the list, at the row that was shown last.
 */
export function useDetailNeighbours(
  { spec, scope, path, hrefOf, go }: DetailList,
  id: string,
  appId: string,
  hasKeys = true,
): DetailNeighbours {
  const chosen = useSearchParams().toString();
  const query = listQuery(spec, listState(spec, Object.fromEntries(new URLSearchParams(chosen))), scope);
  const ask = useCallback(
    (row: string) => neighboursOptions(spec.type, row, query, appId),
    [spec.type, query, appId],
  );
  const { data, isFetching } = useQuery(ask(id));
  const found = data?.data ?? undefined;
  const here = `${path}?${query}`;
  const step = (row: Neighbour | null | undefined, place: number): Step | undefined =>
    row
      ? {
          href: `${hrefOf(row)}${chosen ? `?${chosen}` : ''}`,
          keep: () => keepRow(here, row, place),
          key: keyOf(row),
          go,
        }
      : undefined;
  const params = new URLSearchParams(chosen);
  params.delete('list');
  const rest = params.toString();
  useEffect(() => {
    if (found) keepRow(here, found.self, found.place);
  }, [here, found]);
  const neighbours = {
    previous: found && step(found.previous, found.place - 1),
    next: found && step(found.next, found.place + 1),
    list: `${path}${rest ? `?${rest}` : ''}`,
    place: found?.place ?? null,
    total: found?.total ?? null,
    beside: { previous: found?.previous ?? null, next: found?.next ?? null, ask },
  };
  useKeys(neighbours, { hasKeys, isAsking: isFetching, self: keyOf({ id, appId }) });
  return neighbours;
}

const keyOf = ({ id, appId }: Pick<Neighbour, 'id' | 'appId'>) => `${appId} ${id}`;

function keepRow(list: string, { id, appId, accountId }: Neighbour, place: number): void {
  keepPlace(list, { id, accountId, ...(appId === null ? {} : { appId }) }, place - 1);
}

/** Steps that were pressed before the page they lead from was there: another page of the same kind, so kept outside. */
let ahead: { readonly from: string; readonly at: number; readonly keys: readonly string[] } | null = null;
const AHEAD_MS = 15_000;
const isAhead = () => ahead !== null && Date.now() - ahead.at < AHEAD_MS;

/**
 * Ignored while typing. A step replaces the one before, so that back leads to the list. Whoever presses faster than
 * pages come gets there all the same.
 */
function useKeys(
  { previous, next, list }: DetailNeighbours,
  { hasKeys, isAsking, self }: { hasKeys: boolean; isAsking: boolean; self: string },
): void {
  const router = useRouter();
  useEffect(() => {
    if (ahead?.from !== self) ahead = null;
  }, [self]);
  useEffect(() => {
    if (!hasKeys) return;
    const steps: Readonly<Record<string, Step | undefined>> = { j: next, k: previous };
    const go = (keys: readonly string[]) => {
      const [key = '', ...rest] = keys;
      const step = steps[key];
      // Nobody stands there, or nobody knows yet.
      if (!step) {
        ahead = isAsking && key ? { from: self, at: Date.now(), keys } : null;
        return;
      }
      ahead = { from: step.key, at: Date.now(), keys: rest };
      step.keep();
      if (step.go) step.go(step.href);
      else router.replace(step.href);
    };
    if (ahead?.from === self && isAhead()) go(ahead.keys);
    const listener = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.shiftKey || isTyping(event)) return;
      // A form that is open is not left by a slip of the finger.
      if (document.querySelector('[data-editing]')) return;
      if (event.key === 'Escape') {
        ahead = null;
        router.push(list);
      } else if (!(event.key in steps)) return;
      // On the way already. A key that is held down goes no further than it is held.
      else if (ahead && isAhead())
        ahead = { ...ahead, keys: event.repeat ? ahead.keys : [...ahead.keys, event.key] };
      else go([event.key]);
      event.preventDefault();
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [router, previous, next, list, hasKeys, isAsking, self]);
}
