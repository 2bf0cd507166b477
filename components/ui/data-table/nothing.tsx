'use client';

import type { ResourceObject } from '@/lib/browser/types';
import { Button } from '../button';
import { EmptyState } from '../empty-state';
import { ErrorState } from '../late-error';
import { ListSkeleton } from '../skeleton';
import { notUnderstood } from './tokens';
import type { ListWords } from './types';
import type { LoadedRows } from './use-rows';

/** What stands in a list's place without rows: that it waits, what failed, or that there are none, and why. */
export function Nothing<Row extends ResourceObject>({
  list,
  words,
  isNarrowed,
  search,
  onClear,
}: {
  list: LoadedRows<Row>;
  words: ListWords<Row>;
  isNarrowed: boolean;
  search: string;
  onClear: () => void;
}) {
  if (list.isWaiting) return <ListSkeleton />;
  if (list.error) {
    return (
      <ErrorState title={`The ${words.many} could not be loaded`} error={list.error} onRetry={list.retry}>
        Nothing was changed or lost.
      </ErrorState>
    );
  }
  if (!isNarrowed) return words.empty;
  return (
    <EmptyState
      title={`No ${words.many} match`}
      action={<Button onClick={onClear}>Clear search and filters</Button>}
    >
      {notUnderstood(search, words.filters ?? []) ?? 'Fewer words or fewer filters may find some.'}
    </EmptyState>
  );
}
