'use client';

import { useQuery } from '@tanstack/react-query';
import { Bell as BellIcon } from 'lucide-react';
import { onDemand } from '@/components/ui/on-demand';
import { Popover } from '@/components/ui/popover';
import { noticesOptions } from '@/lib/browser/feedback';
import { formatCount } from '@/lib/format/numbers';

const BellPanel = onDemand(() => import('./bell-panel'));

/** Who was mentioned, given something to work on, or sees something of theirs come back, is told here. */
export function Bell() {
  const { data } = useQuery(noticesOptions());
  const unread = data?.data.unread ?? 0;
  return (
    <Popover
      label={unread > 0 ? `Notices, ${formatCount(unread)} unread` : 'Notices'}
      title="Notices"
      panel={(close) => <BellPanel onLeave={close} />}
      className="relative inline-flex size-8 shrink-0 items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink max-sm:size-9"
    >
      <BellIcon size={17} aria-hidden />
      {unread > 0 ? (
        <span
          aria-hidden
          className="absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-accent px-1 text-center font-medium text-[0.625rem] text-on-accent leading-4 tabular-nums"
        >
          {unread > 99 ? '99+' : unread}
        </span>
      ) : null}
    </Popover>
  );
}
