'use client';

import { useQueries } from '@tanstack/react-query';
import clsx from 'clsx';
import { Check, ChevronLeft } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { type ListSpec, type ListState, NOT } from '@/lib/browser/lists';
import { type FacetPage, facetOptions } from '@/lib/browser/lookups';
import { formatCount, type Total } from '@/lib/format/numbers';
import { Dot } from '../status';
import type { FilterOption, FilterWords } from './types';

interface Props {
  type: ListSpec['type'];
  filters: readonly FilterWords[];
  query: string;
  state: ListState;
  onFilter: (change: Readonly<Record<string, readonly string[]>>) => void;
  /** The one filter that is shown; otherwise all are offered first. */
  only?: string;
  isNot?: boolean;
}

interface Line {
  readonly id: string;
  readonly filter: FilterWords;
  /** Absent on the line of the filter itself. */
  readonly option?: FilterOption & { readonly hint?: string | undefined };
  readonly count?: Total | undefined;
}

/** Values are looked up across all filters from so many characters on. */
const SHORTEST = 2;
const MOST_OF_EACH = 5;

/** Finds a filter or a value by typing, with how many rows have it; chosen values are wanted, or not wanted. */
export default function FilterPanel(props: Props) {
  const { type, filters, query, state, onFilter, only } = props;
  const [param, setParam] = useState(only ?? null);
  const [isNot, setNot] = useState(props.isNot ?? false);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const word = useLater(typed);
  const filter = filters.find((each) => each.param === param);
  const looked = filter ? [filter] : word.trim().length >= SHORTEST ? filters : [];
  const answers = useQueries({
    queries: looked.map((each) => facetOptions(type, each.param, query, askedFor(each, word))),
  });
  const values = looked.flatMap((each, index) =>
    linesOf(each, answers[index]?.data?.data, typed).slice(0, filter ? undefined : MOST_OF_EACH),
  );
  const named = filters.filter((each) => holds(each.label, typed));
  const lines: readonly Line[] = filter
    ? values
    : [...named.map((each) => ({ id: each.param, filter: each })), ...values];
  const [wanted, unwanted] = isNot ? [NOT, ''] : ['', NOT];
  const isChosen = ({ filter: { param: name }, option }: Line) =>
    option !== undefined && (state.filters[wanted + name] ?? []).includes(option.value);
  const choose = (line: Line | undefined) => {
    if (!line) return;
    const { param: name } = line.filter;
    if (!line.option) {
      setParam(name);
      setTyped('');
      setAt(0);
      return;
    }
    const { value } = line.option;
    const rest = (from: string) => (state.filters[from] ?? []).filter((each) => each !== value);
    const own = rest(wanted + name);
    onFilter({
      [wanted + name]: isChosen(line) ? own : [...own, value],
      [unwanted + name]: rest(unwanted + name),
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((before) => Math.max(0, Math.min(lines.length - 1, before + step)));
    else if (event.key === 'Enter') choose(lines[at]);
    else if (event.key === 'Backspace' && typed === '' && filter && only === undefined) setParam(null);
    else return;
    event.preventDefault();
  };
  return (
    <div className="grid gap-2 text-sm">
      {filter ? (
        <Mode
          filter={filter}
          isNot={isNot}
          onMode={setNot}
          onBack={only === undefined ? () => setParam(null) : undefined}
        />
      ) : null}
      <input
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={lines[at] ? `${listId} ${at}` : undefined}
        aria-label={filter ? `Find a value of ${filter.label.toLowerCase()}` : 'Find a filter or a value'}
        placeholder={filter ? 'Find a value' : 'Find a filter or a value'}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        className="field h-8 w-full px-2.5 max-sm:h-10"
      />
      <ul
        id={listId}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the field above has the focus and the keys
        role="listbox"
        aria-multiselectable
        aria-label={filter?.label ?? 'Filters'}
        className="max-h-[min(20rem,45dvh)] overflow-y-auto"
      >
        {lines.map((line, index) => (
          <FilterLine
            key={line.id}
            id={`${listId} ${index}`}
            line={line}
            isActive={index === at}
            isChosen={isChosen(line)}
            showsFilter={!filter}
            onChoose={() => {
              setAt(index);
              choose(line);
            }}
          />
        ))}
      </ul>
      <p role="status" className="px-2 text-ink-soft text-xs empty:hidden">
        {remark(lines.length, answers, filter !== undefined)}
      </p>
    </div>
  );
}

function remark(
  found: number,
  answers: readonly { isPending: boolean; isError: boolean; data?: { data: FacetPage } | undefined }[],
  isOne: boolean,
): string {
  const page = isOne ? answers[0]?.data?.data : undefined;
  return [
    found > 0
      ? ''
      : answers.some(({ isPending }) => isPending)
        ? 'Looking'
        : 'Nothing of this name occurs here.',
    answers.some(({ isError }) => isError) ? 'The counts could not be loaded.' : '',
    page?.hasMore ? 'There are more: type to find them.' : '',
    page?.isLowerBound ? 'Counted in a part of the list.' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function Mode({
  filter,
  isNot,
  onMode,
  onBack,
}: {
  filter: FilterWords;
  isNot: boolean;
  onMode: (isNot: boolean) => void;
  onBack: (() => void) | undefined;
}) {
  return (
    <div className="flex items-center gap-2">
      {onBack ? (
        <button
          type="button"
          aria-label="All filters"
          onClick={onBack}
          className="grid size-7 place-items-center rounded-md hover:bg-hover max-sm:size-9"
        >
          <ChevronLeft size={15} aria-hidden />
        </button>
      ) : null}
      {onBack ? <span>{filter.label}</span> : null}
      <fieldset className="flex gap-1">
        <legend className="sr-only">{filter.label}</legend>
        {[false, true].map((each) => (
          <button
            key={String(each)}
            type="button"
            aria-pressed={isNot === each}
            onClick={() => onMode(each)}
            className="h-7 rounded-md px-2 text-ink-soft hover:bg-hover aria-pressed:bg-active aria-pressed:text-ink max-sm:h-9"
          >
            {each ? 'is not' : 'is'}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

function FilterLine({
  id,
  line: { filter, option, count },
  isActive,
  isChosen,
  showsFilter,
  onChoose,
}: {
  id: string;
  line: Line;
  isActive: boolean;
  isChosen: boolean;
  showsFilter: boolean;
  onChoose: () => void;
}) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys
    <li
      id={id}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a line of the listbox
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      ref={(node) => {
        if (isActive) node?.scrollIntoView({ block: 'nearest' });
      }}
      onClick={onChoose}
      className={clsx(
        'flex min-h-8 cursor-default items-center gap-2 rounded-sm px-2 max-sm:min-h-10',
        isActive ? 'bg-hover' : 'hover:bg-hover',
      )}
    >
      {option?.tone ? <Dot tone={option.tone} /> : null}
      <span className="min-w-0 flex-1 truncate">
        {option && showsFilter ? <span className="text-ink-soft">{filter.label} </span> : null}
        <bdi>{option?.label ?? filter.label}</bdi>
        {option?.hint ? <bdi className="text-ink-soft"> · {option.hint}</bdi> : null}
      </span>
      {isChosen ? <Check size={14} aria-hidden className="shrink-0 text-accent-ink" /> : null}
      {count === undefined ? null : (
        <span className="shrink-0 text-ink-soft text-xs tabular-nums">{formatCount(count)}</span>
      )}
    </li>
  );
}

function linesOf(filter: FilterWords, facet: FacetPage | undefined, typed: string): Line[] {
  const counts = new Map(facet?.values.map(({ value, count }) => [value, count]));
  const served = (facet?.values ?? []).map(({ value, label, hint }) => ({
    value,
    label: label ?? filter.valueLabel?.(value) ?? value,
    hint: hint === null ? undefined : (filter.hintLabel?.(hint) ?? hint),
  }));
  return (filter.options ?? served)
    .filter(({ label }) => holds(label, typed))
    .map((option) => ({
      id: `${filter.param} ${option.value}`,
      filter,
      option,
      count: countOf(facet, counts.get(option.value)),
    }));
}

/** What a value's count says: at least so many, where only a part of the list was looked at. */
function countOf(facet: FacetPage | undefined, counted: number | undefined): Total | undefined {
  if (!facet || (counted === undefined && facet.hasMore)) return undefined;
  return { count: counted ?? 0, isLowerBound: facet.isLowerBound === true };
}

// What a value is called is not searched by the server.
function askedFor({ options, valueLabel, lateLabel }: FilterWords, word: string): string {
  return options || valueLabel || lateLabel ? '' : word;
}

function holds(label: string, typed: string): boolean {
  return label.toLowerCase().includes(typed.trim().toLowerCase());
}

/** The text once typing pauses. */
function useLater(text: string): string {
  const [told, setTold] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setTold(text), 150);
    return () => clearTimeout(timer);
  }, [text]);
  return told;
}
