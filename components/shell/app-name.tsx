'use client';

import { Name } from '@/components/ui/name';
import { appWords } from '@/lib/format/app-address';
import { useApps } from './known';

/** The name of an app known by its id, with `accountName` where another account has the app too. */
export function AppName({
  appId,
  accountName,
}: {
  appId: string | null | undefined;
  accountName?: string | undefined;
}) {
  const app = useApps().find((one) => one.id === appId);
  return <Name>{appWords(app?.attributes?.name ?? appId ?? '', accountName)}</Name>;
}
