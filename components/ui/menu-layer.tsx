'use client';

import { Menu } from '@base-ui/react/menu';
import clsx from 'clsx';
import { Check } from 'lucide-react';
import Link from 'next/link';
import { Fragment, type RefObject } from 'react';
import { Kbd } from './kbd';
import type { MenuEntry } from './menu-entry';

const ITEM =
  'flex min-h-8 cursor-default select-none items-center gap-2.5 rounded-sm px-2 text-sm outline-none data-[highlighted]:bg-hover max-sm:min-h-10';

/** The open menu, loaded on demand by `Menu`. */
export default function MenuLayer({
  anchor,
  entries,
  label,
  align,
  side,
  onClose,
}: {
  anchor: RefObject<HTMLButtonElement | null>;
  entries: readonly MenuEntry[];
  label: string;
  align: 'start' | 'end';
  side: 'bottom' | 'top' | 'right';
  onClose: () => void;
}) {
  return (
    <Menu.Root
      open
      modal={false}
      onOpenChange={(open, details) => {
        // A press on the button itself is the button's own to answer.
        const target = details.event.target;
        if (!open && !(target instanceof Node && anchor.current?.contains(target))) onClose();
      }}
    >
      <Menu.Portal>
        <Menu.Positioner anchor={anchor} align={align} side={side} sideOffset={4} className="z-50">
          <Menu.Popup
            aria-label={label}
            finalFocus={anchor}
            className="max-h-[min(70dvh,var(--available-height))] min-w-44 max-w-[min(22rem,92vw)] overflow-auto rounded-lg border bg-raised p-1 shadow-pop outline-none"
          >
            {entries.map((entry) => (
              <Fragment key={entry.id}>
                {entry.group !== undefined ? <GroupLine words={entry.group} /> : null}
                <Entry entry={entry} />
              </Fragment>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function GroupLine({ words }: { words: string }) {
  return words ? (
    <div className="px-2 pt-2 pb-1 font-medium text-ink-faint text-xs">{words}</div>
  ) : (
    <div className="my-1 border-t" />
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  const inside = (
    <>
      {entry.icon ? <span className="text-ink-soft">{entry.icon}</span> : null}
      <span className="min-w-0 flex-1 truncate">{entry.label}</span>
      {entry.checked ? <Check size={14} aria-hidden className="text-accent-ink" /> : null}
      {entry.keys ? <Kbd>{entry.keys}</Kbd> : null}
    </>
  );
  const className = clsx(ITEM, entry.danger && 'text-bad');
  if (entry.href !== undefined) {
    return (
      <Menu.LinkItem render={<Link href={entry.href} prefetch={false} />} closeOnClick className={className}>
        {inside}
      </Menu.LinkItem>
    );
  }
  if (entry.checked !== undefined) {
    return (
      <Menu.CheckboxItem
        checked={entry.checked}
        onCheckedChange={() => entry.onSelect?.()}
        closeOnClick={!entry.keepOpen}
        className={className}
      >
        {inside}
      </Menu.CheckboxItem>
    );
  }
  return (
    <Menu.Item onClick={() => entry.onSelect?.()} className={className}>
      {inside}
    </Menu.Item>
  );
}
