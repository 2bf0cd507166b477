'use client';

import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { Button, buttonClass } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/error-state';
import { Menu } from '@/components/ui/menu';
import { ListSkeleton } from '@/components/ui/skeleton';
import { toast, toastError } from '@/components/ui/toast';
import { useUrlState } from '@/components/ui/use-url-state';
import { label } from '@/lib/format/labels';
import { formatPlural } from '@/lib/format/numbers';
import { undoMutation } from '@/lib/query/mutations';
import { activityOptions } from '@/lib/query/own';
import type { ActivityEntry } from '@/lib/query/types';
import { activityQuery } from './activity-query';
import { ActivityRow } from './activity-row';

const STATUSES = ['succeeded', 'failed', 'unknown', 'pending'];
const TYPES = [
  ['betaGroups', 'Groups'],
  ['betaTesters', 'Testers'],
  ['builds', 'Builds'],
  ['accounts', 'Keys'],
  ['people', 'People'],
  ['sessions', 'Sign-ins'],
] as const;

/** Who changed what, from what to what, when, and how it went; newest first. */
export function ActivityPage() {
  const { values: state, set } = useUrlState();
  const list = useInfiniteQuery(activityOptions(activityQuery(state)));
  const entries = list.data?.pages.flatMap((page) => page.data) ?? [];
  const meta = list.data?.pages[0]?.meta;
  const total = meta?.total ?? meta?.paging?.total;
  const undo = useMutation(undoMutation(['betaGroups', 'betaTesters', 'builds']));
  const takeBack = (entry: ActivityEntry) =>
    undo.mutate(entry.id, {
      onSuccess: () => void toast({ title: 'Undone', detail: entry.label ?? undefined }),
      onError: (error) => void toastError('It could not be undone', error),
    });
  const choice = (name: 'status' | 'type', values: readonly (readonly [string, string])[]) =>
    values.map(([value, words]) => ({
      id: value,
      label: words,
      checked: state[name] === value,
      onSelect: () => set({ [name]: state[name] === value ? null : value }, 'push'),
    }));
  const statuses = STATUSES.map((value) => [value, label(value)] as const);
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Filter
          name="Outcome"
          chosen={state.status && label(state.status)}
          entries={choice('status', statuses)}
        />
        <Filter
          name="About"
          chosen={TYPES.find(([value]) => value === state.type)?.[1] ?? state.type}
          entries={choice('type', TYPES)}
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
        <Nothing isNarrowed={Boolean(state.status || state.type)} />
      ) : null}
      {entries.length > 0 ? (
        <ol className="border-t">
          {entries.map((entry) => (
            <ActivityRow key={entry.id} entry={entry} onUndo={takeBack} isBusy={undo.isPending} />
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

function Filter({
  name,
  chosen,
  entries,
}: {
  name: string;
  chosen: string | null | undefined;
  entries: React.ComponentProps<typeof Menu>['entries'];
}) {
  return (
    <Menu label={`Filter by ${name.toLowerCase()}`} entries={entries} className={buttonClass()}>
      {name}
      {chosen ? <span className="text-accent-ink">{chosen}</span> : null}
      <ChevronDown size={13} aria-hidden className="text-ink-faint" />
    </Menu>
  );
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
