'use client';

import { ChevronDown, Search, SlidersHorizontal, X } from 'lucide-react';
import { type RefObject, useEffect, useState } from 'react';
import { formatPlural } from '@/lib/format/numbers';
import type { ShownView } from '@/lib/query/freshness';
import type { ListState } from '@/lib/query/lists';
import type { ResourceObject } from '@/lib/query/types';
import { AsOf } from '../as-of';
import { buttonClass } from '../button';
import { Menu } from '../menu';
import type { MenuEntry } from '../menu-entry';
import type { GridPreferences } from './preferences';
import type { FilterWords, ListWords } from './types';

const SEARCH_DEBOUNCE_MS = 180;

/** A search field that tells its words when typing pauses. */
function SearchField({
  value,
  label,
  field,
  onChange,
}: {
  value: string;
  label: string;
  field: RefObject<HTMLInputElement | null>;
  onChange: (value: string) => void;
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
          if (event.key !== 'Escape') return;
          setTyped('');
          event.currentTarget.blur();
        }}
        className="field h-8 w-full pr-2 pl-8 text-sm max-sm:h-9 [&::-webkit-search-cancel-button]:hidden"
      />
    </div>
  );
}

function FilterMenu({
  filter,
  chosen,
  onChange,
}: {
  filter: FilterWords;
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  const entries = filterEntries(filter, chosen, onChange);
  return (
    <Menu
      label={`Filter by ${filter.label.toLowerCase()}`}
      entries={entries}
      className={buttonClass('secondary', 'md')}
    >
      {filter.label}
      {chosen.length > 0 ? <span className="tabular-nums text-accent-ink">{chosen.length}</span> : null}
      <ChevronDown size={13} aria-hidden className="text-ink-faint" />
    </Menu>
  );
}

function filterEntries(
  filter: FilterWords,
  chosen: readonly string[],
  onChange: (chosen: readonly string[]) => void,
): MenuEntry[] {
  return filter.options.map((option) => ({
    id: `${filter.param} ${option.value}`,
    label: option.label,
    checked: chosen.includes(option.value),
    keepOpen: true,
    onSelect: () =>
      onChange(
        chosen.includes(option.value)
          ? chosen.filter((each) => each !== option.value)
          : [...chosen, option.value],
      ),
  }));
}

/** The filters that are not worth a button of their own, under their names in one menu. */
function MoreFilters<Row extends ResourceObject>({ words, state, onFilter }: Props<Row>) {
  const rare = words.filters.filter((filter) => filter.isRare && filter.options.length > 0);
  if (rare.length === 0) return null;
  const count = rare.reduce((sum, { param }) => sum + (state.filters[param]?.length ?? 0), 0);
  const entries = rare.flatMap((filter) =>
    filterEntries(filter, state.filters[filter.param] ?? [], (chosen) => onFilter(filter.param, chosen)).map(
      (entry, index) => (index === 0 ? { ...entry, group: filter.label } : entry),
    ),
  );
  return (
    <Menu label="More filters" entries={entries} className={buttonClass('secondary', 'md')}>
      More filters
      {count > 0 ? <span className="tabular-nums text-accent-ink">{count}</span> : null}
      <ChevronDown size={13} aria-hidden className="text-ink-faint" />
    </Menu>
  );
}

interface Props<Row extends ResourceObject> {
  words: ListWords<Row>;
  state: ListState;
  searchField: RefObject<HTMLInputElement | null>;
  preferences: GridPreferences;
  onPreferences: (change: Partial<GridPreferences>) => void;
  onSearch: (q: string) => void;
  onFilter: (param: string, chosen: readonly string[]) => void;
  onClear: () => void;
  total: number | undefined;
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
        />
        {words.filters
          .filter((filter) => !filter.isRare)
          .map((filter) => (
            <FilterMenu
              key={filter.param}
              filter={filter}
              chosen={state.filters[filter.param] ?? []}
              onChange={(chosen) => props.onFilter(filter.param, chosen)}
            />
          ))}
        <MoreFilters {...props} />
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
      <Chips {...props} />
    </div>
  );
}

function Chips<Row extends ResourceObject>({ words, state, onFilter, onClear }: Props<Row>) {
  const chips = words.filters.flatMap((filter) =>
    (state.filters[filter.param] ?? []).map((value) => ({ filter, value })),
  );
  if (chips.length === 0) return null;
  return (
    <ul aria-label="Filters in force" className="flex flex-wrap items-center gap-1.5">
      {chips.map(({ filter, value }) => {
        const text = filter.options.find((option) => option.value === value)?.label ?? value;
        const rest = (state.filters[filter.param] ?? []).filter((each) => each !== value);
        return (
          <li key={`${filter.param} ${value}`}>
            <button
              type="button"
              aria-label={`Remove filter ${filter.label}: ${text}`}
              onClick={() => onFilter(filter.param, rest)}
              className="inline-flex h-6 max-w-64 items-center gap-1 rounded-full border bg-accent-soft px-2.5 text-accent-ink text-xs hover:bg-active max-sm:h-8"
            >
              <span className="text-ink-soft">{filter.label}:</span>
              <bdi className="truncate">{text}</bdi>
              <X size={12} aria-hidden />
            </button>
          </li>
        );
      })}
      <li>
        <button
          type="button"
          onClick={onClear}
          className="rounded-sm px-1.5 text-ink-soft text-xs hover:text-ink"
        >
          Clear all
        </button>
      </li>
    </ul>
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
