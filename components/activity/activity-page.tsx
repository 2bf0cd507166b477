'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { focusRow } from '@/components/shell/list-keys';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { ListSkeleton } from '@/components/ui/skeleton';
import { isTyping } from '@/components/ui/typing';
import { useUrlState } from '@/components/ui/use-url-state';
import { totalOf } from '@/lib/browser/lists';
import { activityOptions } from '@/lib/browser/own';
import { formatPlural } from '@/lib/format/numbers';
import { ACTIVITY_FILTERS, activityQuery } from './activity-query';
import { ActivityRow } from './activity-row';
import { ActivityToolbar } from './activity-toolbar';
import { useTakeBack } from './use-take-back';

/** Who did what, in sentences, newest first: one entry for one act, however many testers it was about. */
export function ActivityPage() {
  const { values: state, set } = useUrlState();
  const list = useInfiniteQuery(activityOptions(activityQuery(state)));
  const entries = list.data?.pages.flatMap((page) => page.data) ?? [];
  const meta = list.data?.pages[0]?.meta;
  const total = totalOf(meta);
  const takeBack = useTakeBack();
  const change = useCallback(
    (to: Record<string, string | null>, history: 'push' | 'replace') => set(to, history),
    [set],
  );
  const clearSearch = useCallback(() => change({ q: null }, 'replace'), [change]);
  useEscape(state.q ? clearSearch : null);
  const goToResults = useResults(state.q ?? '', list.isFetching);
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <ActivityToolbar
          state={state}
          people={meta?.people ?? []}
          onResults={goToResults}
          onChange={change}
        />
        <p role="status" className="ml-auto text-ink-soft text-sm tabular-nums">
          {total === undefined ? '' : formatPlural(total, 'entry', 'entries')}
        </p>
      </div>
      {list.isPending ? <ListSkeleton /> : null}
      {list.error ? (
        <ErrorState
          title="The activity could not be loaded"
          error={list.error}
          onRetry={() => void list.refetch()}
        />
      ) : null}
      {list.data && entries.length === 0 ? (
        <Nothing isNarrowed={ACTIVITY_FILTERS.some((name) => state[name])} />
      ) : null}
      {entries.length > 0 ? (
        <ol data-list="" aria-label="Activity" className="border-t">
          {entries.map((entry) => (
            <ActivityRow key={entry.id} entry={entry} takeBack={takeBack} />
          ))}
        </ol>
      ) : null}
      {list.hasNextPage ? (
        <div className="flex justify-center py-6">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show older
          </Button>
        </div>
      ) : null}
    </>
  );
}

/** Esc, where nothing else answers it. */
function useEscape(run: (() => void) | null): void {
  useEffect(() => {
    if (!run) return;
    const listener = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || isTyping(event)) return;
      // A row that has the focus is left first.
      if (document.activeElement?.closest('[data-list-row]')) return;
      event.preventDefault();
      run();
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [run]);
}

/** Gives the first entry the focus once those are shown that the words of the search find. */
function useResults(shown: string, isFetching: boolean): (words: string) => void {
  const [wanted, setWanted] = useState<string | null>(null);
  useEffect(() => {
    if (wanted !== shown || isFetching) return;
    setWanted(null);
    const row = document.querySelector<HTMLElement>('main [data-list] [data-list-row]');
    if (row) focusRow(row);
  }, [wanted, shown, isFetching]);
  return setWanted;
}

function Nothing({ isNarrowed }: { isNarrowed: boolean }) {
  return isNarrowed ? (
    <EmptyState title="No entries match">Take a filter off to see more.</EmptyState>
  ) : (
    <EmptyState title="Nothing has been changed yet">
      Every change made through Flightdeck is kept here: who, what, before and after, and what App Store
      Connect said.
    </EmptyState>
  );
}
