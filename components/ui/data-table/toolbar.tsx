'use client';

import { ArrowUpDown, Search, SlidersHorizontal } from 'lucide-react';
import { type RefObject, useEffect, useState } from 'react';
import type { ShownView } from '@/lib/browser/freshness';
import type { ListSpec, ListState } from '@/lib/browser/lists';
import type { ResourceObject } from '@/lib/browser/types';
import { formatPlural, type Total } from '@/lib/format/numbers';
import { AsOf } from '../as-of';
import { buttonClass } from '../button';
import { Menu } from '../menu';
import type { MenuEntry } from '../menu-entry';
import { FilterChips, Filters } from './filters';
import type { GridPreferences } from './preferences';
import type { ListWords } from './types';

const SEARCH_DEBOUNCE_MS = 180;

/** A search field that tells its words when typing pauses. */
function SearchField({
  value,
  label,
  field,
  onChange,
  onResults,
}: {
  value: string;
  label: string;
  field: RefObject<HTMLInputElement | null>;
  onChange: (value: string) => void;
  /** Leaves the field for the results of these words. */
  onResults: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState(value);
  // Back, or "clear": the address bar has the last word.
  if (told !== value) {
    setTold(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => {
      setTold(typed);
      onChange(typed);
    }, SEARCH_DEBOUNCE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <div className="relative min-w-0 flex-1 max-sm:basis-full sm:max-w-80">
      <Search
        size={14}
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-faint"
      />
      <input
        ref={field}
        type="search"
        value={typed}
        aria-label={label}
        placeholder={label}
        data-tip={label}
        data-keys="/"
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          const isOn = event.key === 'Enter' || event.key === 'ArrowDown';
          if (!isOn && event.key !== 'Escape') return;
          // A browser would clear the field on escape; here it is left first.
          event.preventDefault();
          event.currentTarget.blur();
          if (typed !== value) {
            setTold(typed);
            onChange(typed);
          }
          if (isOn) onResults(typed);
        }}
        className="field h-8 w-full pr-2 pl-8 text-sm max-sm:h-9 [&::-webkit-search-cancel-button]:hidden"
      />
    </div>
  );
}

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
          value={state.q}
          label={words.searchLabel}
          field={props.searchField}
          onChange={props.onSearch}
          onResults={props.onResults}
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
function SortMenu<Row extends ResourceObject>({ words, state, onSort }: Props<Row>) {
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
  return (
    <Menu label="Sort" entries={entries} className={buttonClass('secondary', 'md', 'sm:hidden')}>
      <ArrowUpDown size={14} aria-hidden /> Sort
    </Menu>
  );
}

function viewEntries<Row extends ResourceObject>({
  words,
  preferences,
  onPreferences,
}: Props<Row>): MenuEntry[] {
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
  return [...columns, ...densities];
}

/** Whether a column is shown: as it declares, unless somebody chose otherwise. */
export function isColumnShown(
  column: { id: string; optional?: boolean },
  preferences: GridPreferences,
): boolean {
  if (preferences.hidden.includes(column.id)) return false;
  return !column.optional || preferences.shown.includes(column.id);
}
