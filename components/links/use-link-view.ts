'use client';

import { useUrlChoice, useUrlText } from '@/components/ui/use-url-state';

export const DAYS = ['30', '90', '365'] as const;

/** How many days of a link's history are shown, from the address bar. */
export function useDays() {
  return useUrlChoice('days', DAYS, '90');
}

/** The group whose link stands beside this one, from the address bar. */
export function useOtherLink() {
  return useUrlText('vs');
}
