'use client';

import clsx from 'clsx';
import Link from 'next/link';
import type { ResourceObject } from '@/lib/query/types';
import { columnClass } from './column-class';
import type { Column, ListWords } from './types';

interface Props<Row extends ResourceObject> {
  row: Row;
  index: number;
  words: ListWords<Row>;
  columns: readonly Column<Row>[];
  height: number;
  isActive: boolean;
  /** Undefined where nothing can be done with a selection. */
  isSelected: boolean | undefined;
  onSelect: (isRange: boolean) => void;
  onActive: () => void;
}

/** One row: a real link that covers it, a box to select it; on a phone a card. */
export function GridRow<Row extends ResourceObject>(props: Props<Row>) {
  const { row, index, words, columns, height, isActive, isSelected } = props;
  const [first, ...rest] = columns;
  const href = words.href?.(row);
  return (
    <tr
      data-row={index}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      onFocus={props.onActive}
      style={{ height }}
      className={clsx(
        'relative border-b transition-colors',
        'max-sm:flex max-sm:flex-wrap max-sm:content-center max-sm:items-center max-sm:gap-x-3 max-sm:gap-y-0.5 max-sm:overflow-hidden max-sm:px-1 max-sm:py-1',
        'max-sm:before:order-2 max-sm:before:basis-full',
        isSelected !== undefined && 'max-sm:pl-9',
        isSelected ? 'bg-accent-soft' : 'focus-within:bg-hover hover:bg-hover',
        isActive && 'shadow-[inset_2px_0_0_var(--accent-ink)]',
      )}
    >
      {isSelected === undefined ? null : (
        <td className="w-9 pl-2.5 max-sm:absolute max-sm:left-0 max-sm:pl-2.5">
          <input
            type="checkbox"
            aria-label={`Select ${words.rowLabel(row)}`}
            checked={isSelected}
            onChange={(event) => props.onSelect((event.nativeEvent as MouseEvent).shiftKey === true)}
            className="relative z-10 block size-4 accent-accent"
          />
        </td>
      )}
      {first ? (
        <td className="min-w-0 truncate pr-4 pl-2 font-medium max-sm:flex-1 max-sm:basis-1/2 max-sm:p-0">
          {href ? (
            <Link
              href={href}
              prefetch={false}
              className="outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent-ink focus-visible:after:-outline-offset-2"
            >
              {first.cell(row)}
            </Link>
          ) : (
            first.cell(row)
          )}
        </td>
      ) : null}
      {rest.map((column) => (
        <td
          key={column.id}
          className={clsx(
            columnClass(column),
            'text-ink-soft max-sm:max-w-full max-sm:p-0',
            column.isCorner ? 'max-sm:order-1' : 'max-sm:order-3',
            column.wideOnly && 'max-sm:hidden',
          )}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}
