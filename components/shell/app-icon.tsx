'use client';

import { AppTile, iconOf } from '@/components/programme/app-tile';
import { Name } from '@/components/ui/name';
import { appWords } from '@/lib/format/app-address';
import { useApps } from './known';

/** An app by its picture and its name; `accountName` where another account has the app too. */
export function AppIcon({
  appId,
  accountId,
  accountName,
}: {
  appId: string | null | undefined;
  accountId?: string | undefined;
  accountName?: string | undefined;
}) {
  const apps = useApps().filter((one) => one.id === appId);
  const app = apps.find(({ meta }) => meta?.accountId === accountId) ?? apps[0];
  const name = app?.attributes?.name ?? appId ?? '';
  return (
    <span className="inline-flex max-w-full items-center gap-2 align-middle">
      <AppTile name={name} icon={app && iconOf(app.id, app.meta)} size="sm" />
      <Name className="truncate">{appWords(name, accountName)}</Name>
    </span>
  );
}
