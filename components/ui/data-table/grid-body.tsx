'use client';

import { type RefObject, useEffect, useRef } from 'react';
import type { ResourceObject } from '@/lib/browser/types';
import { Skeleton } from '../skeleton';
import { GridRow } from './grid-row';
import { rowKey } from './memory';
import type { Column, ListWords } from './types';
import { revealRow, useRowsInSight } from './use-rows-in-sight';
import type { SelectionState } from './use-selection';

interface Props<Row extends ResourceObject> {
  rows: readonly Row[];
  words: ListWords<Row>;
  columns: readonly Column<Row>[];
  height: number;
  active: number;
  onActive: (index: number) => void;
  onOpen: (index: number) => void;
  onLeave: (index: number) => void;
  selection: SelectionState<Row> | undefined;
  hasMore: boolean;
  onMore: () => void;
}

/** The rows in sight, between two spacers, so that a native table keeps its columns and its meaning. */
export function GridBody<Row extends ResourceObject>(props: Props<Row>) {
  const { rows, columns, height, active, hasMore, onMore, selection } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const count = rows.length + (hasMore ? 1 : 0);
  const { start, end } = useRowsInSight(body, count, height);
  useEffect(() => {
    if (hasMore && end >= rows.length - 10) onMore();
  }, [hasMore, end, rows.length, onMore]);
  useFocusOnMove(body, {
    active,
    isDrawn: active >= start && active < end,
    height,
    hasBar: selection?.selected.size.count !== 0,
  });

  return (
    <tbody ref={body} className="max-sm:block">
      <Spacer height={start * height} />
      {rows.slice(start, end).map((row, offset) => {
        const index = start + offset;
        return (
          <GridRow
            key={rowKey(row)}
            row={row}
            index={index}
            words={props.words}
            columns={columns}
            height={height}
            isActive={index === active}
            isSelected={selection?.has(row)}
            onSelect={(isRange) => selection?.toggle(index, isRange)}
            onActive={() => props.onActive(index)}
            onOpen={() => props.onOpen(index)}
            onLeave={() => props.onLeave(index)}
          />
        );
      })}
      {end > rows.length ? <LoadingRow height={height} span={selection ? 2 : 1} /> : null}
      <Spacer height={(count - end) * height} />
    </tbody>
  );
}

/** Brings the active row into sight, also from behind the bar of the selection, and gives it the focus. */
function useFocusOnMove(
  body: RefObject<HTMLElement | null>,
  { active, isDrawn, height, hasBar }: { active: number; isDrawn: boolean; height: number; hasBar: boolean },
): void {
  const owed = useRef<{ readonly from: Element | null } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the bar that comes up may cover the row
  useEffect(() => {
    if (active < 0) return;
    revealRow(body.current, active, height);
    owed.current = { from: document.activeElement };
  }, [active, body, height, hasBar]);
  // The row may have to be drawn first. Who has gone elsewhere meanwhile stays there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: owed anew with the same
  useEffect(() => {
    if (!owed.current || !isDrawn) return;
    const { from } = owed.current;
    owed.current = null;
    const now = document.activeElement;
    const row = body.current?.querySelector<HTMLElement>(`[data-row="${active}"]`);
    if (!row || row.contains(now) || (now !== from && now !== document.body)) return;
    // The link where there is one, so that enter opens what j has reached.
    const target = row.querySelector<HTMLElement>('a') ?? row.querySelector<HTMLElement>('input');
    target?.focus({ preventScroll: true });
  }, [isDrawn, active, body, height, hasBar]);
}

/**
 * Invisible, so that a browser does not take rows drawn in its place for content that jumps. One cell, no wider: a span
 * would bring back the columns that a narrow table leaves out.
 */
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden className="invisible max-sm:block" style={{ height }}>
      <td />
    </tr>
  );
}

function LoadingRow({ height, span }: { height: number; span: number }) {
  return (
    <tr style={{ height }}>
      <td colSpan={span} className="px-2">
        <span className="sr-only">Loading more</span>
        <Skeleton className="h-3 w-64 max-w-full" />
      </td>
    </tr>
  );
}
