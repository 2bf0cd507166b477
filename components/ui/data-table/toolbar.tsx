'use client';

import { ArrowUpDown, SlidersHorizontal } from 'lucide-react';
import type { RefObject } from 'react';
import type { ShownView } from '@/lib/browser/freshness';
import { ALL_CLOSED, type ListSpec, type ListState } from '@/lib/browser/lists';
import type { ResourceObject } from '@/lib/browser/types';
import { formatPlural, type Total } from '@/lib/format/numbers';
import { AsOf } from '../as-of';
import { buttonClass } from '../button';
import { Menu } from '../menu';
import type { MenuEntry } from '../menu-entry';
import { FilterChips, Filters } from './filters';
import type { GridPreferences } from './preferences';
import { SearchField } from './search-field';
import type { ListWords } from './types';

interface Props<Row extends ResourceObject> {
  spec: ListSpec;
  /** The list's whole query string. */
  query: string;
  words: ListWords<Row>;
  state: ListState;
  searchField: RefObject<HTMLInputElement | null>;
  preferences: GridPreferences;
  onPreferences: (change: Partial<GridPreferences>) => void;
  onSearch: (q: string) => void;
  onResults: (q: string) => void;
  onSort: (sort: string) => void;
  onFilter: (change: Readonly<Record<string, readonly string[]>>) => void;
  onGrouped: (isGrouped: boolean) => void;
  onClosed: (closed: readonly string[]) => void;
  onClear: () => void;
  total: Total | undefined;
  view: ShownView;
}

/** Search, filters, what they leave, and how the list is shown. */
export function Toolbar<Row extends ResourceObject>(props: Props<Row>) {
  const { words, state, total, view } = props;
  return (
    <div className="flex flex-col gap-2 pb-3">
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          type={props.spec.type}
          query={props.query}
          words={words}
          state={state}
          field={props.searchField}
          onChange={props.onSearch}
          onResults={props.onResults}
          onFilter={props.onFilter}
        />
        <Filters {...props} />
        <SortMenu {...props} />
        <div className="ml-auto flex items-center gap-3">
          <p role="status" className="whitespace-nowrap text-ink-soft text-sm tabular-nums">
            {total === undefined ? '' : formatPlural(total, words.one, words.many)}
          </p>
          <span className="max-sm:hidden">
            <AsOf view={view} />
          </span>
          <Menu
            label="Columns and density"
            align="end"
            entries={viewEntries(props)}
            className={buttonClass('ghost', 'md', 'px-2 max-sm:hidden')}
          >
            <SlidersHorizontal size={15} aria-hidden />
          </Menu>
        </div>
      </div>
      <FilterChips {...props} />
    </div>
  );
}

/** The order of the list where there is no head to press: on a phone. */
function SortMenu<Row extends ResourceObject>(props: Props<Row>) {
  const { words, state, onSort } = props;
  const columns = words.columns.filter((column) => column.sort !== undefined);
  if (columns.length === 0) return null;
  const entries = columns.flatMap(({ sort = '', header }): MenuEntry[] =>
    [sort, `-${sort}`].map((value, index) => ({
      id: value,
      label: `${header}, ${index === 0 ? 'ascending' : 'descending'}`,
      checked: state.sort === value,
      onSelect: () => onSort(value),
    })),
  );
  entries.push(...groupEntries(props));
  return (
    <Menu label="Sort" entries={entries} className={buttonClass('secondary', 'md', 'sm:hidden')}>
      <ArrowUpDown size={14} aria-hidden /> Sort
    </Menu>
  );
}

/** Whether the rows stand in groups, and all of these at once. */
function groupEntries<Row extends ResourceObject>({
  words: { grouping },
  state,
  onGrouped,
  onClosed,
}: Props<Row>): MenuEntry[] {
  if (!grouping) return [];
  const { isGrouped, closed } = state;
  return [
    {
      ...{ id: 'group', label: grouping.label, checked: isGrouped, group: 'Groups' },
      onSelect: () => onGrouped(!isGrouped),
    },
    ...(isGrouped
      ? [
          { id: 'close-all', label: 'Close all groups', onSelect: () => onClosed([ALL_CLOSED]) },
          ...(closed.length > 0
            ? [{ id: 'open-all', label: 'Open all groups', onSelect: () => onClosed([]) }]
            : []),
        ]
      : []),
  ];
}

function viewEntries<Row extends ResourceObject>(props: Props<Row>): MenuEntry[] {
  const { words, preferences, onPreferences } = props;
  const columns = words.columns.slice(1).map((column, index) => {
    const isShown = isColumnShown(column, preferences);
    return {
      id: column.id,
      label: column.header,
      checked: isShown,
      keepOpen: true,
      ...(index === 0 ? { group: 'Columns' } : {}),
      onSelect: () => {
        const without = (list: readonly string[]) => list.filter((id) => id !== column.id);
        onPreferences(
          isShown
            ? { shown: without(preferences.shown), hidden: [...without(preferences.hidden), column.id] }
            : { hidden: without(preferences.hidden), shown: [...without(preferences.shown), column.id] },
        );
      },
    };
  });
  const densities = (['roomy', 'compact'] as const).map((density, index) => ({
    id: density,
    label: density === 'roomy' ? 'Roomy rows' : 'Compact rows',
    checked: preferences.density === density,
    keepOpen: true,
    ...(index === 0 ? { group: 'Density' } : {}),
    onSelect: () => onPreferences({ density }),
  }));
  return [...groupEntries(props), ...columns, ...densities];
}

/** Whether a column is shown: as it declares, unless somebody chose otherwise. */
export function isColumnShown(
  column: { id: string; optional?: boolean },
  preferences: GridPreferences,
): boolean {
  if (preferences.hidden.includes(column.id)) return false;
  return !column.optional || preferences.shown.includes(column.id);
}
