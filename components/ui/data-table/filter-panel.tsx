'use client';

import { useQueries } from '@tanstack/react-query';
import { ChevronLeft } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { type ListSpec, type ListState, NOT } from '@/lib/browser/lists';
import { type FacetPage, facetOptions } from '@/lib/browser/lookups';
import { askedFor, FilterLine, holds, type Line, linesOf, useLater } from './filter-lines';
import type { FilterWords } from './types';

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
