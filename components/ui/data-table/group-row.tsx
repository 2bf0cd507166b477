'use client';

import clsx from 'clsx';
import { ChevronDown, ChevronRight } from 'lucide-react';
import type { ResourceObject } from '@/lib/browser/types';
import type { GroupLine } from './group-lines';
import type { Grouping } from './types';

interface Props<Row extends ResourceObject> {
  line: GroupLine;
  grouping: Grouping<Row>;
  index: number;
  isTall: boolean;
  isActive: boolean;
  onActive: () => void;
  onToggle: () => void;
}

/** The head of a group: what all its rows come to, and a button that closes or opens it. */
export function GroupRow<Row extends ResourceObject>({ line, grouping, ...props }: Props<Row>) {
  const { group, isClosed } = line;
  const Chevron = isClosed ? ChevronRight : ChevronDown;
  return (
    <tr
      data-row={props.index}
      onFocus={props.onActive}
      className={props.isTall ? 'grid-group grid-row-tall' : 'grid-group'}
    >
      {/* One cell, over which the head lies: a span would bring back the columns that a narrow table leaves out. */}
      <th scope="rowgroup" className="p-0 text-left font-normal">
        <button
          type="button"
          aria-expanded={!isClosed}
          onClick={props.onToggle}
          className={clsx(
            'absolute inset-0 flex items-center gap-2 overflow-hidden bg-sunken px-2.5 text-left hover:bg-hover',
            props.isActive && 'shadow-[inset_2px_0_0_var(--accent-ink)]',
          )}
        >
          <Chevron size={14} aria-hidden className="shrink-0 text-ink-faint" />
          {grouping.head(group)}
        </button>
      </th>
    </tr>
  );
}
