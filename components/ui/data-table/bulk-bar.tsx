'use client';

import { ChevronDown, X } from 'lucide-react';
import { useState } from 'react';
import type { ResourceObject } from '@/lib/browser/types';
import { formatCount, formatPlural, type Total } from '@/lib/format/numbers';
import { Button, buttonClass, IconButton } from '../button';
import { Menu } from '../menu';
import { Popover } from '../popover';
import { toastError } from '../toast';
import type { BulkAction, ListWords, Selection } from './types';

interface Props<Row extends ResourceObject> {
  words: ListWords<Row>;
  selection: Selection<Row>;
  /** Chosen, but not among the rows that are shown. */
  hidden: number;
  /** Everything that another search matches is selected, not what is shown. */
  isElsewhere: boolean;
  total: Total;
  onEverything: () => void;
  onClear: () => void;
}

/** What is selected and what can be done with it; stays in sight at the bottom. */
export default function BulkBar<Row extends ResourceObject>({
  words,
  selection,
  hidden,
  isElsewhere,
  total,
  onEverything,
  onClear,
}: Props<Row>) {
  const [running, setRunning] = useState<string | null>(null);
  const run = async (action: BulkAction<Row>) => {
    setRunning(action.id);
    try {
      await action.run(selection);
    } catch (error) {
      void toastError(`${action.label(selection.size)}: not done`, error);
    } finally {
      setRunning(null);
    }
  };
  const actions = words.actions ?? [];
  const rare = actions.filter((action) => action.isRare);
  // Whoever has chosen one means that one; more rows may have come below a whole page since it was chosen.
  const canWiden = !selection.isEverything && selection.ids.length > 1 && selection.ids.length < total.count;
  const isNothing = selection.size.count === 0;
  return (
    <section
      aria-label="Selection"
      data-bulk-bar=""
      className="sticky bottom-4 z-20 mx-auto mt-4 flex w-fit max-w-full flex-wrap items-center gap-2 rounded-lg border bg-raised p-2 pl-4 text-sm shadow-pop max-md:bottom-18 max-sm:w-full max-sm:pl-2"
    >
      <p role="status" className="tabular-nums max-sm:grow max-sm:pl-1.5">
        {isElsewhere
          ? 'All that matched are not what is shown now: the selection waits there'
          : selection.except.length > 0
            ? `${formatCount(selection.size)} of ${formatCount(total)} ${words.many} selected`
            : `${formatPlural(selection.size, words.one, words.many)} selected`}
        {hidden > 0 ? (
          <span className="text-ink-soft"> · {formatCount(hidden)} not in what is shown</span>
        ) : null}
      </p>
      {isNothing ? null : words.consequences?.(selection)}
      {canWiden || (selection.isEverything && selection.except.length > 0) ? (
        <Button variant="ghost" size="sm" onClick={onEverything}>
          Select all {formatCount(total)} matching
        </Button>
      ) : null}
      <div className="flex items-center gap-2 max-sm:order-last max-sm:-mx-2 max-sm:basis-[calc(100%+1rem)] max-sm:overflow-x-auto max-sm:px-2">
        {actions
          .filter((action) => !action.isRare && !isNothing)
          .map((action) =>
            action.panel ? (
              <Popover
                key={action.id}
                label={action.label(selection.size)}
                title={action.label(selection.size)}
                className={buttonClass('secondary', 'sm')}
                panel={(close) => action.panel?.(selection, close)}
              >
                {action.icon}
                {action.label(selection.size)}
              </Popover>
            ) : (
              <Button
                key={action.id}
                size="sm"
                icon={action.icon}
                busy={running === action.id}
                disabled={running !== null}
                onClick={() => void run(action)}
              >
                {action.label(selection.size)}
              </Button>
            ),
          )}
        {rare.length > 0 && !isNothing ? (
          <Menu
            label="More to do with the selection"
            align="end"
            side="top"
            className={buttonClass('secondary', 'sm')}
            entries={rare.map((action) => ({
              id: action.id,
              label: action.label(selection.size),
              icon: action.icon,
              ...(action.danger ? { danger: true } : {}),
              onSelect: () => void run(action),
            }))}
          >
            More <ChevronDown size={13} aria-hidden />
          </Menu>
        ) : null}
      </div>
      <IconButton label="Clear the selection" keys="esc" onClick={onClear}>
        <X size={15} aria-hidden />
      </IconButton>
    </section>
  );
}
