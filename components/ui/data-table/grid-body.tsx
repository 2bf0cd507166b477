'use client';

import { type CSSProperties, type RefObject, useEffect, useRef } from 'react';
import type { ResourceObject, RowGroup } from '@/lib/browser/types';
import { Skeleton } from '../skeleton';
import { GridRow } from './grid-row';
import { isGroupLine, type Line, lineKey } from './group-lines';
import { GroupRow } from './group-row';
import type { Column, ListWords } from './types';
import { revealRow, useRowsInSight } from './use-rows-in-sight';
import type { SelectionState } from './use-selection';

interface Props<Row extends ResourceObject> {
  lines: readonly Line<Row>[];
  words: ListWords<Row>;
  columns: readonly Column<Row>[];
  height: number;
  active: number;
  onActive: (index: number) => void;
  onOpen: (index: number) => void;
  onLeave: (index: number) => void;
  selection: SelectionState<Row> | undefined;
  onToggle: (group: RowGroup) => void;
  hasMore: boolean;
  onMore: () => void;
}

/** The rows in sight, between two spacers, so that a native table keeps its columns and its meaning. */
export function GridBody<Row extends ResourceObject>(props: Props<Row>) {
  const { lines, words, columns, height, active, hasMore, onMore, selection } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const count = lines.length + (hasMore ? 1 : 0);
  const { start, end } = useRowsInSight(body, count, height);
  useEffect(() => {
    if (hasMore && end >= lines.length - 10) onMore();
  }, [hasMore, end, lines.length, onMore]);
  useFocusOnMove(body, {
    active,
    isDrawn: active >= start && active < end,
    height,
    hasBar: selection?.selected.size.count !== 0,
  });

  return (
    <tbody ref={body} className="max-sm:block" style={{ '--row': `${height}px` } as CSSProperties}>
      <Spacer height={start * height} />
      {lines.slice(start, end).map((line, offset) => {
        const index = start + offset;
        if (isGroupLine(line))
          return words.grouping ? (
            <GroupRow
              key={lineKey(line)}
              line={line}
              grouping={words.grouping}
              index={index}
              isTall={words.hasButtons === true}
              isActive={index === active}
              onActive={() => props.onActive(index)}
              onToggle={() => props.onToggle(line.group)}
            />
          ) : null;
        return (
          <GridRow
            key={lineKey(line)}
            row={line}
            index={index}
            words={words}
            columns={columns}
            isActive={index === active}
            isSelected={selection?.has(line)}
            onSelect={(isRange) => selection?.toggle(line, isRange)}
            onActive={() => props.onActive(index)}
            onOpen={() => props.onOpen(index)}
            onLeave={() => props.onLeave(index)}
          />
        );
      })}
      {end > lines.length ? <LoadingRow height={height} span={selection ? 2 : 1} /> : null}
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
    const target =
      row.querySelector<HTMLElement>('a, [aria-expanded]') ?? row.querySelector<HTMLElement>('input');
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
