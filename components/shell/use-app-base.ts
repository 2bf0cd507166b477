'use client';

import { usePathname } from 'next/navigation';
import { appOfPath, homeOf } from '@/lib/format/app-address';

/** The path of an app's pages: of the account that is shown, while one is inside them, or else of what a row says. */
export function useAppBase(appId: string, meta?: Parameters<typeof homeOf>[1]): string {
  const here = appOfPath(usePathname());
  return here?.appId === appId ? here.base : homeOf(appId, meta);
}
