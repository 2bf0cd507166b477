'use client';

import { X } from 'lucide-react';
import type { ResourceObject } from '@/lib/browser/types';
import { Button, IconButton } from '../button';
import type { ListWords } from './types';

interface Props<Row extends ResourceObject> {
  row: Row;
  words: ListWords<Row>;
  onOpen: () => void;
  onClose: () => void;
}

/** What a list knows of one row, beside it: columns too, for which the table has no room. */
export default function Peek<Row extends ResourceObject>({ row, words, onOpen, onClose }: Props<Row>) {
  const [first, ...rest] = words.columns;
  return (
    <aside
      aria-label={`A look at ${words.rowLabel(row)}`}
      className="grid grid-cols-1 gap-3 rounded-lg border bg-raised p-4 text-sm max-lg:fixed max-lg:inset-x-3 max-lg:bottom-18 max-lg:z-30 max-lg:max-h-[45dvh] max-lg:overflow-y-auto max-lg:shadow-pop lg:sticky lg:top-18 lg:w-80 lg:shrink-0"
    >
      <div className="flex items-start justify-between gap-2">
        <p className="min-w-0 pt-1 font-medium wrap-anywhere">{first?.cell(row)}</p>
        <IconButton label="Close" keys="esc" onClick={onClose}>
          <X size={15} aria-hidden />
        </IconButton>
      </div>
      <dl className="grid grid-cols-1 gap-2">
        {rest.map((column) => (
          <div key={column.id} className="grid grid-cols-[7rem_minmax(0,1fr)] gap-2">
            <dt className="text-ink-soft">{column.header}</dt>
            <dd className="min-w-0 wrap-anywhere">{column.cell(row)}</dd>
          </div>
        ))}
      </dl>
      {words.href ? (
        <Button size="sm" className="w-fit" onClick={onOpen}>
          Open
        </Button>
      ) : null}
    </aside>
  );
}
