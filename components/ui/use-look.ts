'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lookOptions, type OneThing, type ShownView } from '@/lib/browser/freshness';

/** Looks at the one thing a page shows again behind the page; gives what its age has to say. */
export function useLook(view: OneThing): { view: ShownView; trouble: string | null } {
  const client = useQueryClient();
  const { data } = useQuery(lookOptions(client, view));
  return { view, trouble: data?.outcome === 'failed' ? data.reason : null };
}
