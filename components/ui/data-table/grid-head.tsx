'use client';

import clsx from 'clsx';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { columnClass } from './column-class';
import type { Column } from './types';

interface Props<Row> {
  columns: readonly Column<Row>[];
  sort: string;
  onSort: (sort: string) => void;
  /** Undefined where nothing can be selected. */
  selected: 'none' | 'some' | 'all' | undefined;
  onSelectLoaded: () => void;
  /** Stays under the bar of the page while the rows go by. */
  isSticky: boolean;
}

/** The head: names, sort, and the box that selects all loaded rows. */
export function GridHead<Row>({ columns, sort, onSort, selected, onSelectLoaded, isSticky }: Props<Row>) {
  return (
    <thead className={clsx('max-sm:sr-only', isSticky && 'sm:sticky sm:top-13 sm:z-11')}>
      {/* The line is a shadow: a collapsed border stays behind when the head sticks. */}
      <tr
        aria-rowindex={1}
        className="h-9 bg-surface text-ink-soft text-xs shadow-[inset_0_-1px_0_var(--line)]"
      >
        {selected === undefined ? null : (
          <th scope="col" className="w-9 pl-2.5 text-left">
            <SelectAll state={selected} onChange={onSelectLoaded} />
          </th>
        )}
        {columns.map((column) => (
          <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
        ))}
      </tr>
    </thead>
  );
}

function HeadCell<Row>({
  column,
  sort,
  onSort,
}: {
  column: Column<Row>;
  sort: string;
  onSort: (sort: string) => void;
}) {
  const isSorted = column.sort !== undefined && sort.replace(/^-/, '') === column.sort;
  const isDown = sort.startsWith('-');
  return (
    <th
      scope="col"
      style={column.width ? { width: column.width } : undefined}
      aria-sort={isSorted ? (isDown ? 'descending' : 'ascending') : undefined}
      className={clsx('grid-head font-medium', columnClass(column))}
    >
      {column.sort ? (
        <button
          type="button"
          onClick={() => onSort(isSorted && !isDown ? `-${column.sort}` : (column.sort ?? ''))}
          className="inline-flex items-center gap-1 rounded-sm hover:text-ink"
        >
          {column.header}
          {isSorted ? isDown ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden /> : null}
        </button>
      ) : (
        column.header
      )}
    </th>
  );
}

function SelectAll({ state, onChange }: { state: 'none' | 'some' | 'all'; onChange: () => void }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = state === 'some';
  }, [state]);
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label="Select all loaded rows"
      checked={state === 'all'}
      onChange={onChange}
      className="block size-4 accent-accent"
    />
  );
}
