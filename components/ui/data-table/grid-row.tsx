'use client';

import clsx from 'clsx';
import { type MouseEvent, useRef } from 'react';
import type { ResourceObject } from '@/lib/browser/types';
import { columnClass } from './column-class';
import type { Column, ListWords } from './types';

interface Props<Row extends ResourceObject> {
  row: Row;
  index: number;
  words: ListWords<Row>;
  columns: readonly Column<Row>[];
  isActive: boolean;
  /** Undefined where nothing can be done with a selection. */
  isSelected: boolean | undefined;
  onSelect: (isRange: boolean) => void;
  onActive: () => void;
  onOpen: () => void;
  /** Where somebody was, kept before the row's link leads away. */
  onLeave: () => void;
}

/** So far a pointer may move, px, before a press is a drag that selects text. */
const DRAG = 4;
const OWN_ANSWER = 'a, button, input, label, select, textarea, summary';

/** A press anywhere in the row opens it, unless it was a drag over its text or meant something inside it. */
function usePress(
  href: string | undefined,
  { onOpen, onLeave }: { onOpen: () => void; onLeave: () => void },
) {
  const from = useRef({ x: 0, y: 0 });
  const isDrag = (event: MouseEvent) =>
    Math.hypot(event.clientX - from.current.x, event.clientY - from.current.y) > DRAG ||
    window.getSelection()?.type === 'Range';
  return {
    onMouseDown: (event: MouseEvent) => {
      from.current = { x: event.clientX, y: event.clientY };
    },
    onClick: (event: MouseEvent<HTMLElement>) => {
      const inside = event.target instanceof Element ? event.target.closest(OWN_ANSWER) : null;
      if (isDrag(event) && event.detail > 0) {
        if (inside?.matches('a')) event.preventDefault();
        return;
      }
      const isLink = inside?.matches('[data-row-link]') === true;
      if (isLink) onLeave();
      if (!href || event.defaultPrevented) return;
      const isOwn = inside !== null && event.currentTarget.contains(inside);
      const isNewTab = event.metaKey || event.ctrlKey || event.shiftKey;
      if (isNewTab) {
        if (!isOwn) window.open(href, '_blank', 'noopener');
        return;
      }
      if (isOwn && !isLink) return;
      event.preventDefault();
      onOpen();
    },
  };
}

/** One row: a real link, a box to select it, text that can be selected; on a phone a card. */
export function GridRow<Row extends ResourceObject>(props: Props<Row>) {
  const { row, index, words, columns, isActive, isSelected } = props;
  const [first, ...rest] = columns;
  const href = words.href?.(row);
  const press = usePress(href, props);
  return (
    <tr
      data-row={index}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      onFocus={props.onActive}
      {...press}
      data-active={isActive ? '' : undefined}
      className={words.hasButtons ? 'grid-row grid-row-tall' : 'grid-row'}
    >
      {isSelected === undefined ? null : (
        <td className="grid-box">
          <input
            type="checkbox"
            aria-label={`Select ${words.rowLabel(row)}`}
            checked={isSelected}
            onChange={(event) =>
              props.onSelect((event.nativeEvent as globalThis.MouseEvent).shiftKey === true)
            }
          />
        </td>
      )}
      {first ? (
        <td className="grid-name">
          {href ? (
            // The press of the row leads there: Next's own link would do nothing more, forty times over.
            <a href={href} draggable={false} data-row-link="">
              {first.cell(row)}
            </a>
          ) : (
            first.cell(row)
          )}
        </td>
      ) : null}
      {rest.map((column) => (
        <td
          key={column.id}
          className={clsx(
            'grid-fact',
            columnClass(column),
            column.isCorner && 'grid-corner',
            column.wideOnly && 'grid-wide',
          )}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}
