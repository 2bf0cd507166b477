'use client';

import { usePathname } from 'next/navigation';
import { appHref, appOfPath } from '@/lib/format/app-address';

/** The path of an app's pages: of the account that is shown, while one is inside them. */
export function useAppBase(appId: string): string {
  const here = appOfPath(usePathname());
  return here?.appId === appId ? here.base : appHref(appId);
}
