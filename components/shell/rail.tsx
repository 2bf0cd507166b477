'use client';

import clsx from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { AppTile, iconOf } from '@/components/programme/app-tile';
import { Name } from '@/components/ui/name';
import { appWords, homeOf } from '@/lib/format/app-address';
import { AppSwitcher } from './app-switcher';
import { useAppHere, useApps, useOpenPlaces } from './known';
import { useRememberPage } from './last-page';
import { Mark } from './mark';
import { APP_PLACES, isHere, type Place } from './nav';

/** The left rail: the app one is in with its sections, then what spans all apps. */
export function Rail() {
  const pathname = usePathname();
  useRememberPage();
  const all = useOpenPlaces();
  const app = useAppHere();
  const base = app?.base ?? '';
  // A report stands in its app's feedback, whatever its address; a job among the jobs of all apps.
  const here = app && app.section !== '/jobs' ? app.base + app.section : pathname;
  return (
    <nav
      aria-label="Main"
      className="sticky top-0 flex h-dvh w-60 shrink-0 flex-col gap-1 overflow-y-auto border-r bg-sunken p-3 max-lg:w-52 max-md:hidden"
    >
      <Link
        href="/"
        prefetch={false}
        className="mb-2 flex h-8 items-center gap-2 rounded-md px-2 font-semibold text-sm tracking-tight"
      >
        <Mark />
        Flightdeck
      </Link>
      <AppSwitcher appId={app?.appId} accountId={app?.accountId} />
      {app ? <Places places={APP_PLACES} base={base} pathname={here} label="This app" /> : <Apps />}
      <div className="mt-auto border-t pt-2">
        <Places places={all} base="" pathname={here} label="All apps" />
      </div>
    </nav>
  );
}

/** The most apps listed; all of them are in the switcher above. */
const MOST_APPS = 12;

/** Outside of any app: the apps themselves. */
function Apps() {
  const apps = useApps();
  return (
    <ul aria-label="Apps" className="grid gap-0.5 pt-1">
      {apps.slice(0, MOST_APPS).map(({ id, attributes, meta }, index) => (
        <li key={`${meta?.accountId} ${id}`}>
          <Link
            href={homeOf(id, meta)}
            prefetch={false}
            data-tip={attributes?.name}
            data-keys={index < 9 ? `⌘ ${index + 1}` : undefined}
            className="flex h-8 items-center gap-2.5 rounded-md px-2 text-ink-soft text-sm hover:bg-hover hover:text-ink"
          >
            <AppTile name={attributes?.name} icon={iconOf(id, meta)} size="sm" />
            <Name className="truncate">{appWords(attributes?.name ?? '', meta?.accountName)}</Name>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Places({
  places,
  base,
  pathname,
  label,
}: {
  places: readonly Place[];
  base: string;
  pathname: string;
  label: string;
}) {
  return (
    <ul aria-label={label} className="grid gap-0.5 pt-1">
      {places.map(({ path, label: name, key, icon: Icon }) => {
        const href = base + path;
        const here = isHere(pathname, href);
        return (
          <li key={path}>
            <Link
              href={href}
              prefetch={false}
              aria-current={here ? 'page' : undefined}
              data-tip={name}
              data-keys={`g ${key}`}
              className={clsx(
                'flex h-8 items-center gap-2.5 rounded-md px-2 text-sm transition-colors',
                here ? 'bg-active font-medium text-ink' : 'text-ink-soft hover:bg-hover hover:text-ink',
              )}
            >
              <Icon size={16} aria-hidden strokeWidth={here ? 2.2 : 1.8} />
              {name}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
