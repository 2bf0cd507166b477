'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ListFilter, X } from 'lucide-react';
import dynamic from 'next/dynamic';
import { type ListSpec, type ListState, NOT, namesOptions } from '@/lib/browser/lists';
import { whenReachable } from '@/lib/browser/reach';
import type { ResourceObject } from '@/lib/browser/types';
import { formatCount } from '@/lib/format/numbers';
import { buttonClass } from '../button';
import { Popover } from '../popover';
import { Skeleton } from '../skeleton';
import type { FilterWords, ListWords } from './types';

const FilterPanel = dynamic(
  whenReachable(() => import('./filter-panel')),
  {
    ssr: false,
    loading: () => <Skeleton className="h-40" />,
  },
);

export interface FilterProps<Row extends ResourceObject> {
  spec: ListSpec;
  query: string;
  words: ListWords<Row>;
  state: ListState;
  onFilter: (change: Readonly<Record<string, readonly string[]>>) => void;
}

/** One button that finds every filter and value by typing, and one more for each filter that is used most. */
export function Filters<Row extends ResourceObject>(props: FilterProps<Row>) {
  const { words, state } = props;
  if (words.filters.length === 0) return null;
  const often = words.filters.filter((filter) => !filter.isRare);
  return (
    <>
      <Popover
        label="Filter"
        title="Filter"
        align="start"
        className={buttonClass('secondary', 'md')}
        panel={<FilterPanel {...panelProps(props)} />}
      >
        <ListFilter size={14} aria-hidden /> Filter
      </Popover>
      {often.map((filter) => (
        <Popover
          key={filter.param}
          label={`Filter by ${filter.label.toLowerCase()}`}
          title={filter.label}
          align="start"
          className={buttonClass('ghost', 'md', 'px-2 max-lg:hidden')}
          panel={<FilterPanel {...panelProps(props)} only={filter.param} />}
        >
          {filter.label}
          {chosenCount(state, filter) > 0 ? (
            <span className="text-accent-ink tabular-nums">{chosenCount(state, filter)}</span>
          ) : null}
          <ChevronDown size={13} aria-hidden className="text-ink-faint" />
        </Popover>
      ))}
    </>
  );
}

const panelProps = <Row extends ResourceObject>({
  spec,
  query,
  words,
  state,
  onFilter,
}: FilterProps<Row>) => ({
  type: spec.type,
  filters: words.filters.filter(({ isTyped }) => !isTyped),
  query,
  state,
  onFilter,
});

function chosenCount({ filters }: ListState, { param }: FilterWords): number {
  return (filters[param]?.length ?? 0) + (filters[NOT + param]?.length ?? 0);
}

/** The filters in force; each can be changed where it stands, or taken off. */
export function FilterChips<Row extends ResourceObject>(props: FilterProps<Row> & { onClear: () => void }) {
  const { words, state, onFilter, onClear } = props;
  const chips = words.filters.flatMap((filter) =>
    [filter.param, NOT + filter.param]
      .filter((name) => (state.filters[name]?.length ?? 0) > 0)
      .map((name) => ({ filter, name, values: state.filters[name] ?? [] })),
  );
  if (chips.length === 0) return null;
  return (
    <ul aria-label="Filters in force" className="flex flex-wrap items-center gap-1.5">
      {chips.map(({ filter, name, values }) => (
        <li
          key={name}
          className="inline-flex h-6 max-w-full items-center rounded-full border bg-accent-soft text-accent-ink text-xs max-sm:h-8"
        >
          <Chip {...props} filter={filter} isNot={name !== filter.param} values={values} />
          <button
            type="button"
            aria-label={`Remove filter ${filter.label}`}
            data-tip="Remove filter"
            onClick={() => onFilter({ [name]: [] })}
            className="grid h-full w-6 place-items-center rounded-r-full hover:bg-active max-sm:w-8"
          >
            <X size={12} aria-hidden />
          </button>
        </li>
      ))}
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

function Chip<Row extends ResourceObject>(
  props: FilterProps<Row> & { filter: FilterWords; isNot: boolean; values: readonly string[] },
) {
  const { filter, isNot, values } = props;
  const nameOf = useValueNames(filter, values);
  const names = values.map(nameOf);
  const text = names.length > 2 ? `${formatCount(names.length)} values` : names.join(' or ');
  const words = `${filter.label} ${isNot ? 'is not' : 'is'}`;
  if (filter.isTyped)
    return (
      <span className="min-w-0 truncate pr-1 pl-2.5">
        <span className="text-ink-soft">{words}</span> <bdi>{text}</bdi>
      </span>
    );
  return (
    <Popover
      label={`Change filter ${words} ${text}`}
      title={filter.label}
      align="start"
      className="inline-flex h-full min-w-0 max-w-64 items-center gap-1 rounded-l-full pr-1 pl-2.5 hover:bg-active"
      panel={<FilterPanel {...panelProps(props)} only={filter.param} isNot={isNot} />}
    >
      <span className="shrink-0 text-ink-soft">{words}</span>
      <bdi className="truncate">{text}</bdi>
    </Popover>
  );
}

const WAITING = () => '…';

function useLateLabel({ param, lateLabel }: FilterWords): ((value: string) => string) | undefined {
  const { data } = useQuery({
    queryKey: ['words', param],
    queryFn: async () => ({ label: (await lateLabel?.()) ?? WAITING }),
    enabled: lateLabel !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return lateLabel && (data?.label ?? WAITING);
}

/** What values are called: by the words of the filter, or by the names of the things they are ids of. */
function useValueNames(filter: FilterWords, values: readonly string[]): (value: string) => string {
  const { named, options, valueLabel } = filter;
  const late = useLateLabel(filter);
  const { data, isPending } = useQuery({
    ...namesOptions(named?.type ?? 'apps', values),
    enabled: named !== undefined,
  });
  return (value) => {
    if (!named)
      return (
        options?.find((option) => option.value === value)?.label ?? (valueLabel ?? late)?.(value) ?? value
      );
    const row = data?.data.find(({ id }) => id === value);
    return row ? named.name(row) : isPending ? '…' : 'one that is gone';
  };
}
