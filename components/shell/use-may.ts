'use client';

import { useQuery } from '@tanstack/react-query';
import { meOptions, syncOptions } from '@/lib/browser/own';
import { type Place, placesFor } from './nav';

/** Whether the person may do a thing; only to hide what would be refused, the server decides again. */
export function useMay(permission: string): boolean {
  const { data } = useQuery(meOptions());
  return data?.data.permissions.includes(permission) ?? false;
}

/** Whether there is a key of App Store Connect: without one there is nothing to make or to take out. */
export function useHasKey(): boolean {
  const { data } = useQuery(syncOptions());
  return data?.data.length !== 0;
}

/** The places across all apps that the person may see. */
export function useOpenPlaces(): readonly Place[] {
  const { data } = useQuery(meOptions());
  return placesFor(data?.data.permissions ?? []);
}
