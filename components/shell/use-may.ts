'use client';

import { useQuery } from '@tanstack/react-query';
import { meOptions } from '@/lib/query/own';

/** Whether the person may do a thing; only to hide what would be refused, the server decides again. */
export function useMay(permission: string): boolean {
  const { data } = useQuery(meOptions());
  return data?.data.permissions.includes(permission) ?? false;
}
