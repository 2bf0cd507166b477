'use client';

import { Popover } from '@base-ui/react/popover';
import type { ReactNode, RefObject } from 'react';

/** The open panel, loaded on demand by `Popover`. */
export default function PopoverLayer({
  anchor,
  title,
  align,
  onClose,
  children,
}: {
  anchor: RefObject<HTMLButtonElement | null>;
  title: string;
  align: 'start' | 'end';
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Popover.Root
      open
      onOpenChange={(open, details) => {
        const target = details.event.target;
        if (!open && !(target instanceof Node && anchor.current?.contains(target))) onClose();
      }}
    >
      <Popover.Portal>
        <Popover.Positioner anchor={anchor} align={align} sideOffset={6} className="z-50">
          <Popover.Popup
            finalFocus={anchor}
            className="max-h-[75vh] w-[min(24rem,94vw)] overflow-auto rounded-lg border bg-raised p-4 shadow-pop outline-none"
          >
            <Popover.Title className="mb-3 font-semibold text-sm">{title}</Popover.Title>
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
