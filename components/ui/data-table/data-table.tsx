'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { usePathname, useRouter } from 'next/navigation';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ShownView } from '@/lib/browser/freshness';
import { isOwnList } from '@/lib/browser/keys';
import {
  type ListScope,
  type ListSpec,
  listOptions,
  listQuery,
  PAGE_SIZE,
  totalOf,
} from '@/lib/browser/lists';
import { whenReachable } from '@/lib/browser/reach';
import type { ResourceObject } from '@/lib/browser/types';
import type { Total } from '@/lib/format/numbers';
import { Button } from '../button';
import { EmptyState } from '../empty-state';
import { ErrorState } from '../late-error';
import { onDemand } from '../on-demand';
import { ListSkeleton } from '../skeleton';
import { useKeys } from '../use-keys';
import { GridBody } from './grid-body';
import { GridHead } from './grid-head';
import { keepPlace, pick, rowKey, takePlace } from './memory';
import { useGridPreferences } from './preferences';
import { notUnderstood } from './tokens';
import { isColumnShown, Toolbar } from './toolbar';
import type { Column, ListWords, Selection } from './types';
import { useGridKeys } from './use-grid-keys';
import { isNarrowed, useListState } from './use-list-state';
import { useRowHeight } from './use-row-height';
import { useSelection } from './use-selection';

const loadBar = whenReachable(() => import('./bulk-bar'));
const BulkBar = onDemand(loadBar);
const Peek = onDemand(() => import('./peek'));

interface Props<Row extends ResourceObject> {
  spec: ListSpec;
  scope: ListScope;
  words: ListWords<Row>;
}

const NONE: Total = { count: 0, isLowerBound: false };

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
  const height = useRowHeight(preferences.density, words.hasButtons === true);
  const columns = useMemo(
    () =>
      words.columns
        .filter((column, index) => index === 0 || isColumnShown(column, preferences))
        .map((column) => (preferences.shown.includes(column.id) ? alwaysShown(column) : column)),
    [words.columns, preferences],
  );
  const isCrowded = columns.length > MOST_COLUMNS;
  const { rows } = list;
  const pathname = usePathname();
  const here = `${pathname}?${query}`;
  const selection = useSelection<Row>(`${pathname} ${words.name}`, here, rows, query, list.total ?? NONE);
  const { selected } = selection;
  const [active, setActive] = useActiveRow(here, list);
  const [isPeeking, setPeeking] = useState(false);
  const [wanted, setWanted] = useState<string | null>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const router = useRouter();
  const canSelect = (words.actions?.length ?? 0) > 0;
  const { onEdit } = words;
  const current = rows[active];
  const leave = (index: number) => {
    const row = rows[index];
    if (!row) return;
    keepPlace(here, pick(row), index);
    selection.keep();
  };
  const open = (index: number) => {
    const row = rows[index];
    const href = row && words.href?.(row);
    if (!href) return;
    leave(index);
    router.push(href);
  };

  // Whoever leaves the field for the results means those of what was typed, also when they are still on their way.
  if (wanted !== null && wanted.trim() === state.q.trim() && !list.isRefreshing && rows.length > 0) {
    setWanted(null);
    setActive(0);
  }
  useGridKeys({
    count: rows.length,
    active,
    move: setActive,
    open,
    peek: () => setPeeking((before) => !before),
    toggle: (index, isRange) => canSelect && selection.toggle(index, isRange),
    edit: onEdit
      ? (index) => {
          const row = rows[index];
          if (row) onEdit(row);
        }
      : undefined,
    search: () => searchField.current?.focus(),
    escape: () => {
      if (isPeeking) setPeeking(false);
      else if (selected.size.count > 0) selection.clear();
      else if (state.q) setSearch('');
      else return false;
      return true;
    },
  });

  const isAnySelected = selected.size.count > 0;
  useRowKeys(words.keys, isAnySelected ? selected : current ? justOne(current, query) : null);

  return (
    <div>
      <Toolbar
        spec={spec}
        query={query}
        words={words}
        state={state}
        searchField={searchField}
        preferences={preferences}
        onPreferences={setPreferences}
        onSearch={setSearch}
        onResults={setWanted}
        onSort={setSort}
        onFilter={setFilter}
        onClear={clear}
        total={list.total}
        view={viewOf(spec, scope)}
      />
      {rows.length > 0 ? (
        <div className="lg:flex lg:items-start lg:gap-5">
          <div className={clsx('@container min-w-0 flex-1', isCrowded && 'sm:overflow-x-auto')}>
            <table
              aria-label={words.many}
              aria-rowcount={list.total?.isLowerBound ? -1 : (list.total?.count ?? rows.length) + 1}
              aria-busy={list.isRefreshing}
              onPointerEnter={canSelect ? () => void loadBar() : undefined}
              className={clsx(
                'w-full table-fixed border-collapse text-sm aria-busy:opacity-70 max-sm:block',
                isCrowded && 'sm:min-w-[88rem]',
              )}
            >
              <GridHead
                columns={columns}
                sort={state.sort}
                onSort={setSort}
                selected={canSelect ? share(rows.filter(selection.has).length, rows.length) : undefined}
                onSelectLoaded={selection.toggleLoaded}
                isSticky={!isCrowded}
              />
              <GridBody
                rows={rows}
                words={words}
                columns={columns}
                height={height}
                active={active}
                onActive={setActive}
                onOpen={open}
                onLeave={leave}
                selection={canSelect ? selection : undefined}
                hasMore={list.hasMore}
                onMore={list.more}
              />
            </table>
          </div>
          {isPeeking && current ? (
            <Peek row={current} words={words} onOpen={() => open(active)} onClose={() => setPeeking(false)} />
          ) : null}
        </div>
      ) : (
        <Nothing
          list={list}
          words={words}
          isNarrowed={isNarrowed(spec, state)}
          search={state.q}
          onClear={clear}
        />
      )}
      {list.moreError ? (
        <ErrorState
          title={`The rest of the ${words.many} could not be loaded`}
          error={list.moreError}
          onRetry={list.more}
        />
      ) : null}
      {canSelect && (selected.size.count > 0 || selection.isElsewhere) ? (
        <BulkBar
          words={words}
          selection={selected}
          hidden={selection.hidden}
          isElsewhere={selection.isElsewhere}
          total={list.total ?? NONE}
          onEverything={selection.selectEverything}
          onClear={selection.clear}
        />
      ) : null}
    </div>
  );
}

/** The row the eye is on, as if it were selected. */
function justOne<Row extends ResourceObject>(row: Row, query: string): Selection<Row> {
  return {
    ...{ rows: [row], picked: [pick(row)], ids: [row.id], isEverything: false, except: [], query },
    size: { count: 1, isLowerBound: false },
  };
}

const NO_KEYS = {};

function useRowKeys<Row>(keys: ListWords<Row & ResourceObject>['keys'] = NO_KEYS, on: Selection<Row> | null) {
  useKeys(
    Object.fromEntries(
      Object.entries(keys).map(([key, run]) => [
        key,
        on ? () => run(on as Selection<Row & ResourceObject>) : undefined,
      ]),
    ),
  );
}

/** What the list shows, as its age is asked for. */
function viewOf({ type }: ListSpec, scope: ListScope): ShownView {
  const { apps, app = apps, betaGroups: group } = scope;
  return {
    of: (isOwnList(type) ? 'feedback' : type) as ShownView['of'],
    ...(app === undefined ? {} : { app }),
    ...(group === undefined ? {} : { group }),
  };
}

/**
 * The row the eye is on. Another search or order begins without one; coming back from a row begins at that row, and
 * what lies before it is loaded again where the cache has forgotten it.
 */
function useActiveRow(
  here: string,
  {
    rows,
    hasMore,
    more,
    isRefreshing,
  }: Pick<ReturnType<typeof useRows>, 'rows' | 'hasMore' | 'more' | 'isRefreshing'>,
): [number, (index: number) => void] {
  const [active, setActive] = useState({ here, index: -1 });
  const [sought, setSought] = useState<ReturnType<typeof takePlace>>(null);
  const [isSettled, setSettled] = useState('');
  useEffect(() => {
    if (isSettled === here) return;
    setSettled(here);
    setSought(takePlace(here));
  }, [here, isSettled]);
  useEffect(() => {
    if (!sought || isRefreshing || rows.length === 0) return;
    const index = rows.findIndex((row) => rowKey(row) === sought.key);
    if (index < 0 && hasMore && rows.length <= sought.index + 2 * PAGE_SIZE) {
      more();
      return;
    }
    setSought(null);
    // What has left the list meanwhile leaves its place to the row that stands there now.
    setActive({ here, index: index >= 0 ? index : Math.min(sought.index, rows.length - 1) });
  }, [sought, isRefreshing, rows, hasMore, more, here]);
  const set = useCallback((index: number) => setActive({ here, index }), [here]);
  return [active.here === here ? Math.min(active.index, rows.length - 1) : -1, set];
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
    total: totalOf(meta),
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
  return [...new Map(rows.map((row) => [rowKey(row), row])).values()];
}

function Nothing<Row extends ResourceObject>({
  list,
  words,
  isNarrowed,
  search,
  onClear,
}: {
  list: ReturnType<typeof useRows<Row>>;
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
