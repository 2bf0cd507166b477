'use client';

import clsx from 'clsx';
import { Menu as MenuIcon } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { AppTile, iconOf } from '@/components/programme/app-tile';
import { Menu } from '@/components/ui/menu';
import { Name } from '@/components/ui/name';
import { useHasNoRail } from '@/components/ui/use-is-phone';
import { appWords, homeOf } from '@/lib/format/app-address';
import { useAppHere, useApps, useOpenPlaces } from './known';
import { APP_PLACES, isHere } from './nav';

/** The bar at the bottom of a phone, once the page is awake: no other window pays for it. */
export function PhoneNav() {
  return useHasNoRail() ? <Bar /> : null;
}

/** The sections of the app, or of all apps, and the rest behind "More". */
function Bar() {
  const pathname = usePathname();
  const apps = useApps();
  const all = useOpenPlaces();
  const app = useAppHere();
  const base = app?.base ?? '';
  // More than five do not fit beside each other.
  const places = app ? APP_PLACES.slice(0, 5) : all.slice(0, 4);
  const rest = app
    ? [...APP_PLACES.slice(5).map((place) => ({ ...place, path: base + place.path })), ...all]
    : all.slice(4);
  const entries = [
    ...rest.map(({ path, label }) => ({ id: path, label, href: path })),
    ...apps.map(({ id, attributes, meta }, index) => ({
      id: `${meta?.accountId} ${id}`,
      label: <Name>{appWords(attributes?.name ?? '', meta?.accountName)}</Name>,
      icon: <AppTile name={attributes?.name} icon={iconOf(id, meta)} size="sm" />,
      href: homeOf(id, meta),
      ...(index === 0 ? { group: 'Apps' } : {}),
    })),
  ];
  return (
    <nav
      aria-label="Sections"
      data-phone-bar=""
      className="fixed inset-x-0 bottom-0 z-30 grid auto-cols-fr grid-flow-col border-t bg-raised pb-[env(safe-area-inset-bottom)]"
    >
      {places.map(({ path, label, icon: Icon }) => {
        const here = isHere(app ? app.base + app.section : pathname, base + path);
        return (
          <Link
            key={path}
            href={base + path}
            prefetch={false}
            aria-current={here ? 'page' : undefined}
            className={clsx(
              'flex h-14 flex-col items-center justify-center gap-1 text-xs',
              here ? 'font-medium text-accent-ink' : 'text-ink-soft',
            )}
          >
            <Icon size={18} aria-hidden />
            {label.replace(/^All ([gtf])/, (_, letter: string) => letter.toUpperCase())}
          </Link>
        );
      })}
      <Menu
        label="More places"
        align="end"
        side="top"
        entries={entries}
        className="flex h-14 flex-col items-center justify-center gap-1 text-ink-soft text-xs"
      >
        <MenuIcon size={18} aria-hidden />
        More
      </Menu>
    </nav>
  );
}
