'use client';

import { ChevronsUpDown } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { AppTile, iconOf } from '@/components/programme/app-tile';
import { rowKey } from '@/components/ui/data-table/memory';
import { Menu } from '@/components/ui/menu';
import { Name } from '@/components/ui/name';
import { appWords } from '@/lib/format/app-address';
import { useApps } from './known';
import { lastHref } from './last-page';

/** The app one is in, and the way to another; ⌘1–9 without opening it. */
export function AppSwitcher({
  appId,
  accountId,
}: {
  appId: string | undefined;
  accountId: string | undefined;
}) {
  const apps = useApps();
  const router = useRouter();
  const same = apps.filter((app) => app.id === appId);
  const current = same.find(({ meta }) => meta?.accountId === accountId) ?? same[0];
  const entries = apps.map((app, index) => ({
    id: rowKey(app),
    label: <Name>{appWords(app.attributes?.name ?? '', app.meta?.accountName)}</Name>,
    icon: <AppTile name={app.attributes?.name} icon={iconOf(app.id, app.meta)} size="sm" />,
    checked: app === current,
    ...(index < 9 ? { keys: `⌘${index + 1}` } : {}),
    onSelect: () => router.push(lastHref(app)),
  }));
  return (
    <Menu
      label={current ? `App: ${current.attributes?.name ?? 'unnamed'}. Switch app` : 'Choose an app'}
      entries={entries}
      className="flex h-11 w-full items-center gap-2.5 rounded-md border border-transparent px-2 text-left hover:border-line hover:bg-hover"
    >
      {current ? (
        <>
          <AppTile name={current.attributes?.name} icon={iconOf(current.id, current.meta)} />
          <span className="min-w-0 flex-1 truncate font-semibold text-sm">
            <Name>{appWords(current.attributes?.name ?? '', current.meta?.accountName)}</Name>
          </span>
        </>
      ) : (
        <span className="min-w-0 flex-1 truncate pl-1 font-semibold text-sm">Choose an app</span>
      )}
      <ChevronsUpDown size={14} aria-hidden className="text-ink-faint" />
    </Menu>
  );
}
