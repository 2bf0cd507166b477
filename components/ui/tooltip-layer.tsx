'use client';

import { Tooltip } from '@base-ui/react/tooltip';
import { formatLocal, formatUtc } from '@/lib/format/dates';
import { Kbd } from './kbd';

/** The tooltip itself, loaded on demand by `Tooltips`. */
export default function TooltipLayer({ anchor }: { anchor: Element }) {
  const tip = anchor.getAttribute('data-tip');
  const instant = tip === null ? anchor.getAttribute('datetime') : null;
  const keys = anchor.getAttribute('data-keys');
  return (
    <Tooltip.Root open>
      <Tooltip.Portal>
        <Tooltip.Positioner anchor={anchor} sideOffset={6} className="pointer-events-none z-50">
          <Tooltip.Popup
            data-tooltip=""
            className="flex max-w-80 items-center gap-2 rounded-md border bg-raised px-2 py-1 text-ink text-xs shadow-pop"
          >
            {instant ? (
              <span className="grid tabular-nums">
                <span>{formatLocal(instant)}</span>
                <span className="text-ink-soft">{formatUtc(instant)}</span>
              </span>
            ) : (
              <bdi className="break-words">{tip ?? anchor.textContent}</bdi>
            )}
            {keys ? <Kbd>{keys}</Kbd> : null}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
