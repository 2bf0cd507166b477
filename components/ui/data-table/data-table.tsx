'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { ShownView } from '@/lib/query/freshness';
import { type ListScope, type ListSpec, listOptions, listQuery } from '@/lib/query/lists';
import type { ResourceObject } from '@/lib/query/types';
import { Button } from '../button';
import { EmptyState } from '../empty-state';
import { ErrorState } from '../error-state';
import { ListSkeleton } from '../skeleton';
import { BulkBar } from './bulk-bar';
import { GridBody } from './grid-body';
import { GridHead } from './grid-head';
import { useGridPreferences } from './preferences';
import { isColumnShown, Toolbar } from './toolbar';
import type { Column, ListWords, Selection } from './types';
import { useGridKeys } from './use-grid-keys';
import { isNarrowed, useListState } from './use-list-state';
import { useRowHeight } from './use-row-height';
import { useSelection } from './use-selection';

interface Props<Row extends ResourceObject> {
  spec: ListSpec;
  scope: ListScope;
  words: ListWords<Row>;
}

/** With more columns than these the table is scrolled sideways instead of squeezed. */
const MOST_COLUMNS = 9;

function alwaysShown<Row>({ room: _, ...column }: Column<Row>): Column<Row> {
  return column;
}

/**
 * Every list of the product: search, filters, sort, columns, density, paging, virtual rows, selection, keyboard
 * and the states of waiting, nothing and failure. A list declares only its columns, filters and actions.
 */
export function DataTable<Row extends ResourceObject>({ spec, scope, words }: Props<Row>) {
  const { state, setSearch, setSort, setFilter, clear } = useListState(spec);
  const query = listQuery(spec, state, scope);
  const list = useRows<Row>(spec, query);
  const [preferences, setPreferences] = useGridPreferences(words.name);
  const height = useRowHeight(preferences.density);
  const columns = useMemo(
    () =>
      words.columns
        .filter((column, index) => index === 0 || isColumnShown(column, preferences))
        .map((column) => (preferences.shown.includes(column.id) ? alwaysShown(column) : column)),
    [words.columns, preferences],
  );
  const isCrowded = columns.length > MOST_COLUMNS;
  const ids = useMemo(() => list.rows.map((row) => row.id), [list.rows]);
  const selection = useSelection(ids, query);
  const [active, setActive] = useState(-1);
  const searchField = useRef<HTMLInputElement>(null);
  const canSelect = (words.actions?.length ?? 0) > 0;
  const { onEdit } = words;

  useGridKeys({
    count: list.rows.length,
    active,
    move: setActive,
    toggle: (index, isRange) => canSelect && selection.toggle(index, isRange),
    edit: onEdit
      ? (index) => {
          const row = list.rows[index];
          if (row) onEdit(row);
        }
      : undefined,
    search: () => searchField.current?.focus(),
    escape: () => {
      const had = selection.ids.size > 0;
      selection.clear();
      return had;
    },
  });

  const selected: Selection<Row> = {
    rows: list.rows.filter((row) => selection.has(row.id)),
    ids: [...selection.ids],
    isEverything: selection.isEverything,
    count: selection.isEverything ? (list.total ?? selection.ids.size) : selection.ids.size,
    query,
  };
  return (
    <div>
      <Toolbar
        words={words}
        state={state}
        searchField={searchField}
        preferences={preferences}
        onPreferences={setPreferences}
        onSearch={setSearch}
        onFilter={setFilter}
        onClear={clear}
        total={list.total}
        view={viewOf(spec, scope)}
      />
      {list.rows.length > 0 ? (
        <div className={clsx('@container', isCrowded && 'sm:overflow-x-auto')}>
          <table
            aria-label={words.many}
            aria-rowcount={(list.total ?? list.rows.length) + 1}
            aria-busy={list.isRefreshing}
            className={clsx(
              'w-full table-fixed border-collapse text-sm aria-busy:opacity-70 max-sm:block',
              isCrowded && 'sm:min-w-[88rem]',
            )}
          >
            <GridHead
              columns={columns}
              sort={state.sort}
              onSort={setSort}
              selected={canSelect ? share(selected.ids.length, list.rows.length) : undefined}
              onSelectLoaded={selection.toggleLoaded}
              isSticky={!isCrowded}
            />
            <GridBody
              rows={list.rows}
              words={words}
              columns={columns}
              height={height}
              active={active}
              onActive={setActive}
              selection={canSelect ? selection : undefined}
              hasMore={list.hasMore}
              onMore={list.more}
            />
          </table>
        </div>
      ) : (
        <Nothing list={list} words={words} isNarrowed={isNarrowed(state)} onClear={clear} />
      )}
      {list.moreError ? (
        <ErrorState
          title={`The rest of the ${words.many} could not be loaded`}
          error={list.moreError}
          onRetry={list.more}
        />
      ) : null}
      {selected.count > 0 ? (
        <BulkBar
          words={words}
          selection={selected}
          total={list.total ?? 0}
          onEverything={selection.selectEverything}
          onClear={selection.clear}
        />
      ) : null}
    </div>
  );
}

/** What the list shows, as its age is asked for. */
function viewOf({ type }: ListSpec, scope: ListScope): ShownView {
  const { apps, app = apps, betaGroups: group } = scope;
  return {
    of: type as ShownView['of'],
    ...(app === undefined ? {} : { app }),
    ...(group === undefined ? {} : { group }),
  };
}

function share(part: number, whole: number): 'none' | 'some' | 'all' {
  return part === 0 ? 'none' : part < whole ? 'some' : 'all';
}

function useRows<Row extends ResourceObject>(spec: ListSpec, query: string) {
  const result = useInfiniteQuery({
    ...listOptions<Row>(spec.type, query),
    placeholderData: keepPreviousData,
  });
  const { data, fetchNextPage, isFetchingNextPage } = result;
  const rows = useMemo(() => uniqueRows(data?.pages.flatMap((page) => page.data) ?? []), [data]);
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const meta = data?.pages[0]?.meta;
  return {
    rows,
    total: meta?.total ?? meta?.paging?.total,
    hasMore: result.hasNextPage && !result.isFetchNextPageError,
    more,
    isWaiting: result.isPending,
    isRefreshing: result.isPlaceholderData,
    error: result.isFetchNextPageError ? null : result.error,
    moreError: result.isFetchNextPageError ? result.error : null,
    retry: () => void result.refetch(),
  };
}

// Rows shift between pages while data changes: the same row may come twice.
function uniqueRows<Row extends ResourceObject>(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

function Nothing<Row extends ResourceObject>({
  list,
  words,
  isNarrowed,
  onClear,
}: {
  list: ReturnType<typeof useRows<Row>>;
  words: ListWords<Row>;
  isNarrowed: boolean;
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
      Fewer words or fewer filters may find some.
    </EmptyState>
  );
}
