'use client';

import { usePathname } from 'next/navigation';

/** Whose page the address names by now: from one to the next the address changes without the server being asked. */
export function useShownId(section: string, first: string): string {
  const [, at, id] = usePathname().split('/');
  if (at !== section || !id) return first;
  try {
    return decodeURIComponent(id);
  } catch {
    return first;
  }
}
