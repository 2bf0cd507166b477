'use client';

import { useQuery } from '@tanstack/react-query';
import { syncOptions } from '@/lib/browser/own';

/** Whether there is a key of App Store Connect: without one there is nothing to make or to take out. */
export function useHasKey(): boolean {
  const { data } = useQuery(syncOptions());
  return data?.data.length !== 0;
}
