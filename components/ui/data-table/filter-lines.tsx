'use client';

import clsx from 'clsx';
import { Check } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { FacetPage } from '@/lib/browser/lookups';
import { formatCount, type Total } from '@/lib/format/numbers';
import { Dot } from '../status';
import type { FilterOption, FilterWords } from './types';

export interface Line {
  readonly id: string;
  readonly filter: FilterWords;
  /** Absent on the line of the filter itself. */
  readonly option?: FilterOption & { readonly hint?: string | undefined };
  readonly count?: Total | undefined;
}

/** One value of a filter, or a filter, to be chosen. */
export function FilterLine({
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

/** The values of a filter whose words hold what was typed. */
export function linesOf(filter: FilterWords, facet: FacetPage | undefined, typed: string): Line[] {
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

/** What the server is asked for: what a value is called it may not know. */
export function askedFor({ options, valueLabel, lateLabel }: FilterWords, word: string): string {
  return options || valueLabel || lateLabel ? '' : word;
}

/** Whether a name holds what was typed. */
export function holds(label: string, typed: string): boolean {
  return label.toLowerCase().includes(typed.trim().toLowerCase());
}

/** The text once typing pauses. */
export function useLater(text: string): string {
  const [told, setTold] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setTold(text), 150);
    return () => clearTimeout(timer);
  }, [text]);
  return told;
}
