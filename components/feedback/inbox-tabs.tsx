'use client';

import { useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import type { OwnList } from '@/lib/browser/keys';
import { inboxTabsOptions } from '@/lib/browser/own';
import { formatCount } from '@/lib/format/numbers';

const TABS = [
  ['review', 'For review', 'New or regressed, and not snoozed'],
  ['mine', 'Mine', 'Assigned to you, and not done'],
  ['open', 'Open', 'All that is not done'],
  ['resolved', 'Resolved', 'Resolved in a build'],
  ['all', 'All', 'Everything there is'],
] as const;

/** The parts of the inbox, each with how much it holds; what is narrowed stays narrowed. */
export function InboxTabs({ of, appId }: { of: OwnList; appId: string | undefined }) {
  const pathname = usePathname();
  const chosen = useSearchParams();
  const { data } = useQuery(inboxTabsOptions(of, appId));
  const here = chosen.get('view') ?? 'review';
  const hrefOf = (view: string) => {
    const params = new URLSearchParams(chosen.toString());
    if (view === 'review') params.delete('view');
    else params.set('view', view);
    const query = params.toString();
    return query ? `${pathname}?${query}` : pathname;
  };
  return (
    <nav aria-label="Parts of the inbox" className="mb-3 flex items-center gap-1 overflow-x-auto border-b">
      {TABS.map(([view, name, tip]) => (
        <Link
          key={view}
          href={hrefOf(view)}
          prefetch={false}
          aria-current={here === view ? 'page' : undefined}
          data-tip={tip}
          className={clsx(
            '-mb-px inline-flex h-9 shrink-0 items-center gap-1.5 border-b-2 px-2 text-sm max-sm:h-11',
            here === view
              ? 'border-accent-ink font-medium'
              : 'border-transparent text-ink-soft hover:text-ink',
          )}
        >
          {name}
          <span className="text-ink-faint text-xs tabular-nums">
            {data ? formatCount(data.data[view]) : ''}
          </span>
        </Link>
      ))}
    </nav>
  );
}
