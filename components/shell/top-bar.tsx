'use client';

import { Search } from 'lucide-react';
import Link from 'next/link';
import { Bell } from '@/components/feedback/bell';
import { JobsIcon } from '@/components/jobs/jobs-icon';
import { keysHere } from '@/components/ui/keys-here';
import { useHydrated } from '@/components/ui/use-hydrated';
import { Mark } from './mark';
import { openSheet, warmPalette } from './overlays';
import { SyncChip } from './sync-chip';
import { UserMenu } from './user-menu';

/** The bar over every page: find anything, how fresh things are, who one is. */
export function TopBar() {
  const isHydrated = useHydrated();
  return (
    <header className="sticky top-0 z-20 flex h-13 items-center gap-2 border-b bg-surface px-6 max-sm:px-4">
      <Link
        href="/"
        prefetch={false}
        aria-label="Flightdeck, all apps"
        className="-ml-2 grid size-9 shrink-0 place-items-center rounded-md md:hidden"
      >
        <Mark />
      </Link>
      <button
        type="button"
        onPointerEnter={warmPalette}
        onFocus={warmPalette}
        onClick={() => openSheet('palette')}
        data-tip="Go to, do or find"
        data-keys="⌘ K"
        className="flex h-8 min-w-0 items-center gap-2 rounded-md border px-2.5 text-ink-soft text-sm hover:bg-hover max-sm:h-9 sm:w-64"
      >
        <Search size={14} aria-hidden className="shrink-0" />
        <span className="truncate max-sm:sr-only">Go to or find</span>
        <span aria-hidden className="ml-auto text-ink-faint text-xs max-sm:hidden">
          {isHydrated ? keysHere('⌘K') : null}
        </span>
      </button>
      <div className="ml-auto flex min-w-0 items-center gap-2">
        <SyncChip />
        <JobsIcon />
        <Bell />
        <UserMenu />
      </div>
    </header>
  );
}
