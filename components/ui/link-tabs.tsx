'use client';

import clsx from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';

/** On a phone the tabs of a long row are beside the screen; the one that is open must not be. */
function show(tab: HTMLElement | null): void {
  tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** Parts of one thing, each with an address of its own. */
export function LinkTabs({
  label,
  tabs,
}: {
  label: string;
  tabs: readonly { href: string; label: string }[];
}) {
  const pathname = usePathname();
  return (
    <nav aria-label={label} className="-mb-px flex gap-x-5 border-b max-sm:overflow-x-auto sm:flex-wrap">
      {tabs.map((tab) => {
        const here = pathname === tab.href;
        return (
          <Link
            key={tab.href}
            href={tab.href}
            ref={here ? show : undefined}
            prefetch={false}
            aria-current={here ? 'page' : undefined}
            className={clsx(
              'flex h-9 shrink-0 items-center whitespace-nowrap border-b-2 text-sm',
              here ? 'border-accent-ink font-medium' : 'border-transparent text-ink-soft hover:text-ink',
            )}
          >
            {tab.label}
          </Link>
        );
      })}
    </nav>
  );
}
