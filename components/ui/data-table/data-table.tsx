'use client';

import clsx from 'clsx';
import { usePathname, useRouter } from 'next/navigation';
import { useMemo, useRef, useState } from 'react';
import type { ShownView } from '@/lib/browser/freshness';
import { isOwnList } from '@/lib/browser/keys';
import { ALL_CLOSED, type ListScope, type ListSpec, listQuery, rowsQuery } from '@/lib/browser/lists';
import { whenReachable } from '@/lib/browser/reach';
import type { ResourceObject } from '@/lib/browser/types';
import type { Total } from '@/lib/format/numbers';
import { ErrorState } from '../late-error';
import { onDemand } from '../on-demand';
import { useKeys } from '../use-keys';
import { GridBody } from './grid-body';
import { GridHead } from './grid-head';
import { isGroupLine, type Line, linesOf } from './group-lines';
import { keepPlace, pick } from './memory';
import { Nothing } from './nothing';
import { useGridPreferences } from './preferences';
import { isColumnShown, Toolbar } from './toolbar';
import type { Column, ListWords, Selection } from './types';
import { useActiveRow } from './use-active-row';
import { useGridKeys } from './use-grid-keys';
import { useGroups } from './use-groups';
import { isNarrowed, useListState } from './use-list-state';
import { useRowHeight } from './use-row-height';
import { useRows } from './use-rows';
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
  const { state, setSearch, setSort, setFilter, setGrouped, setClosed, clear } = useListState(spec);
  const query = listQuery(spec, state, scope);
  const list = useRows<Row>(spec, rowsQuery(query, state));
  const grouping = state.isGrouped ? words.grouping : undefined;
  const { toggle, opening } = useGroups({ spec, state, query, grouping, setClosed });
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
  const { closed } = state;
  const lines = useMemo(
    (): readonly Line<Row>[] =>
      grouping ? linesOf(list.rows, { groups: list.groups, closed }, grouping) : list.rows,
    [grouping, list.rows, list.groups, closed],
  );
  const rows = useMemo(
    () => (grouping ? lines.filter((line): line is Row => !isGroupLine(line)) : list.rows),
    [grouping, lines, list.rows],
  );
  const pathname = usePathname();
  const here = `${pathname}?${query}`;
  const selection = useSelection<Row>(`${pathname} ${words.name}`, here, {
    ...{ rows, query, total: list.total ?? NONE },
    rowsOf: list.isRefreshing ? null : rowsQuery(query, state),
  });
  const { selected } = selection;
  const [active, setActive] = useActiveRow(here, lines, list);
  const [isPeeking, setPeeking] = useState(false);
  const [wanted, setWanted] = useState<string | null>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const router = useRouter();
  const canSelect = (words.actions?.length ?? 0) > 0;
  const { onEdit } = words;
  const rowAt = (index: number): Row | undefined => {
    const line = lines[index];
    return line && !isGroupLine(line) ? line : undefined;
  };
  const current = rowAt(active);
  const leave = (index: number) => {
    const row = rowAt(index);
    if (!row) return;
    keepPlace(here, pick(row), index);
    selection.keep();
  };
  const open = (index: number) => {
    const line = lines[index];
    if (line && isGroupLine(line)) void toggle(line.group);
    const row = rowAt(index);
    const href = row && words.href?.(row);
    if (!href) return;
    leave(index);
    router.push(href);
  };

  const foldAt = (isOpen: boolean, isAll: boolean) => {
    if (isAll) return setClosed(isOpen ? [] : [ALL_CLOSED]);
    let at = active;
    while (at > 0 && rowAt(at)) at -= 1;
    const line = lines[at];
    if (!line || !isGroupLine(line) || line.isClosed !== isOpen) return;
    setActive(at);
    void toggle(line.group);
  };

  // Whoever leaves the field for the results means those of what was typed, also when they are still on their way.
  if (wanted !== null && wanted.trim() === state.q.trim() && !list.isRefreshing && lines.length > 0) {
    setWanted(null);
    setActive(0);
  }
  useGridKeys({
    count: lines.length,
    active,
    move: setActive,
    open,
    peek: () => setPeeking((before) => !before),
    toggle: (index, isRange) => {
      const row = rowAt(index);
      if (canSelect && row) selection.toggle(row, isRange);
    },
    fold: grouping ? (isOpen, isAll) => foldAt(isOpen, isAll) : undefined,
    edit: onEdit
      ? (index) => {
          const row = rowAt(index);
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
        onGrouped={setGrouped}
        onClosed={setClosed}
        onClear={clear}
        total={list.total}
        view={viewOf(spec, scope)}
      />
      {lines.length > 0 ? (
        <div className="lg:flex lg:items-start lg:gap-5">
          <div className={clsx('@container min-w-0 flex-1', isCrowded && 'sm:overflow-x-auto')}>
            <table
              aria-label={words.many}
              aria-rowcount={
                grouping || list.total?.isLowerBound ? -1 : (list.total?.count ?? rows.length) + 1
              }
              aria-busy={list.isRefreshing || opening !== null}
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
                lines={lines}
                words={words}
                columns={columns}
                height={height}
                active={active}
                onActive={setActive}
                onOpen={open}
                onLeave={leave}
                selection={canSelect ? selection : undefined}
                onToggle={toggle}
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

function share(part: number, whole: number): 'none' | 'some' | 'all' {
  return part === 0 ? 'none' : part < whole ? 'some' : 'all';
}
