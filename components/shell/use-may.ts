'use client';

import { useQuery } from '@tanstack/react-query';
import { meOptions } from '@/lib/browser/own';
import { type Place, placesFor } from './nav';

/** Whether the person may do a thing; only to hide what would be refused, the server decides again. */
export function useMay(permission: string): boolean {
  const { data } = useQuery(meOptions());
  return data?.data.permissions.includes(permission) ?? false;
}

/** The places across all apps that the person may see. */
export function useOpenPlaces(): readonly Place[] {
  const { data } = useQuery(meOptions());
  return placesFor(data?.data.permissions ?? []);
}
