'use client';

import { usePathname } from 'next/navigation';
import { useEffect } from 'react';
import type { AppResource } from '@/lib/browser/types';
import { appOfPath, homeOf } from '@/lib/format/app-address';

const KEY = 'fd-last-page-';

/** Remembers which section of an app was open last. */
export function useRememberPage(): void {
  const pathname = usePathname();
  useEffect(() => {
    const place = appOfPath(pathname);
    if (!place) return;
    try {
      // The section, not the item: an item of yesterday may be gone.
      localStorage.setItem(KEY + place.appId, place.section.split('/').slice(0, 2).join('/'));
    } catch {
      // A browser that keeps nothing forgets this too.
    }
  }, [pathname]);
}

/** The address of an app, at the section that was open last. */
export function lastHref({ id, meta }: AppResource): string {
  const base = homeOf(id, meta);
  try {
    const section = localStorage.getItem(KEY + id) ?? '';
    return /^\/[a-z-]+$/.test(section) ? base + section : base;
  } catch {
    return base;
  }
}
