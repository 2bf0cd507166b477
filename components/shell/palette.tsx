'use client';

import { Dialog } from '@base-ui/react/dialog';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { useRouter } from 'next/navigation';
import { useDeferredValue, useEffect, useState } from 'react';
import { AppTile } from '@/components/programme/app-tile';
import { Name } from '@/components/ui/name';
import { useShown } from '@/components/ui/shown-view';
import { toast, toastError } from '@/components/ui/toast';
import { refreshViewMutation } from '@/lib/query/freshness';
import { searchOptions } from '@/lib/query/own';
import type { SearchHit } from '@/lib/query/types';
import { appHref } from './last-page';
import { ALL_PLACES, APP_PLACES, appOfPath } from './nav';
import { setTheme } from './theme';
import { useApps } from './use-apps';
import { useMay } from './use-may';

const ITEM =
  'flex min-h-9 cursor-default items-center gap-2.5 rounded-sm px-2.5 text-sm data-[selected=true]:bg-hover max-sm:min-h-11';
const GROUP =
  'p-1 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-faint';

/** Go to, do, and find: places, apps, verbs, and whatever the search knows, a tester by e-mail first of all. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState('');
  const maySeeAddresses = useMay('testers:identify');
  const router = useRouter();
  const go = (href: string) => {
    onClose();
    router.push(href);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[#0b0d12]/45" />
        <Dialog.Popup className="fixed top-[10vh] left-1/2 z-50 w-[min(38rem,calc(100vw-1.5rem))] -translate-x-1/2 overflow-hidden rounded-lg border bg-raised shadow-pop">
          <Dialog.Title className="sr-only">Go to, do or find</Dialog.Title>
          <Command
            label="Go to, do or find"
            loop
            value={chosen}
            onValueChange={setChosen}
            filter={(_, asked, names) => (holds(names, asked) ? 1 : 0)}
          >
            <Command.Input
              value={words}
              onValueChange={setWords}
              placeholder={
                maySeeAddresses
                  ? 'Go to, do, or find a tester by e-mail'
                  : 'Go to, do, or find a tester by name'
              }
              className="h-12 w-full border-b bg-transparent px-4 text-base outline-none"
            />
            <Command.List className="max-h-[60vh] overflow-y-auto overscroll-contain">
              <Found words={words} onGo={go} onFound={setChosen} />
              <Apps onGo={go} />
              <Places onGo={go} />
              <Verbs onDone={onClose} />
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Every word typed stands in the names; a match of scattered letters would put apps before people. */
function holds(names: readonly string[] = [], asked: string): boolean {
  const text = names.join(' ').toLowerCase();
  return asked
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function Apps({ onGo }: { onGo: (href: string) => void }) {
  const apps = useApps();
  if (apps.length === 0) return null;
  return (
    <Command.Group heading="Apps" className={GROUP}>
      {apps.map(({ id, attributes, meta }) => (
        <Command.Item
          key={id}
          value={`app ${id}`}
          keywords={[attributes?.name ?? '', attributes?.bundleId ?? '']}
          onSelect={() => onGo(appHref(id))}
          className={ITEM}
        >
          <AppTile id={id} name={attributes?.name} icon={meta?.icon} size="sm" />
          <Name className="truncate">{attributes?.name}</Name>
        </Command.Item>
      ))}
    </Command.Group>
  );
}

function Places({ onGo }: { onGo: (href: string) => void }) {
  const app = appOfPath(location.pathname);
  const base = app ? `/apps/${encodeURIComponent(app.appId)}` : '';
  const places = [
    ...(app
      ? APP_PLACES.map((place) => ({ ...place, path: base + place.path, label: `This app: ${place.label}` }))
      : []),
    ...ALL_PLACES,
  ];
  return (
    <Command.Group heading="Go to" className={GROUP}>
      {places.map(({ path, label, icon: Icon }) => (
        <Command.Item
          key={path}
          value={`go ${path}`}
          keywords={[label]}
          onSelect={() => onGo(path)}
          className={ITEM}
        >
          <Icon size={15} aria-hidden className="text-ink-soft" />
          {label}
        </Command.Item>
      ))}
    </Command.Group>
  );
}

function Verbs({ onDone }: { onDone: () => void }) {
  const maySync = useMay('sync:run');
  const client = useQueryClient();
  const view = useShown() ?? { of: 'overview' as const };
  const sync = useMutation(refreshViewMutation(client, view));
  const verbs = [
    ...(maySync
      ? [
          {
            label: 'Sync now',
            run: () =>
              sync.mutate(undefined, {
                onSuccess: (look) =>
                  void toast({
                    title: look?.reason ? 'Could not be read again' : 'Reading what this page shows',
                    ...(look?.reason ? { detail: look.reason } : {}),
                  }),
                onError: (error) => void toastError('The sync was not started', error),
              }),
          },
        ]
      : []),
    { label: 'Use the light theme', run: () => setTheme('light') },
    { label: 'Use the dark theme', run: () => setTheme('dark') },
    { label: 'Use the theme of the system', run: () => setTheme('system') },
  ];
  return (
    <Command.Group heading="Do" className={GROUP}>
      {verbs.map(({ label, run }) => (
        <Command.Item
          key={label}
          value={`do ${label}`}
          keywords={[label]}
          onSelect={() => {
            run();
            onDone();
          }}
          className={ITEM}
        >
          {label}
        </Command.Item>
      ))}
    </Command.Group>
  );
}

const KINDS = [
  ['testers', 'Testers', (hit: SearchHit) => `/apps/${hit.appId}/testers/${hit.id}`],
  ['groups', 'Groups', (hit: SearchHit) => `/apps/${hit.appId}/groups/${hit.id}`],
  ['builds', 'Builds', (hit: SearchHit) => `/apps/${hit.appId}/builds/${hit.id}`],
] as const;

const itemValue = (kind: string, hit: SearchHit) => `${kind} ${hit.appId} ${hit.id}`;

function Found({
  words,
  onGo,
  onFound,
}: {
  words: string;
  onGo: (href: string) => void;
  onFound: (value: string) => void;
}) {
  const asked = useDeferredValue(words.trim());
  const { data, isFetching, error } = useQuery(searchOptions(asked));
  const first = data && KINDS.flatMap(([kind]) => data.data[kind].map((hit) => itemValue(kind, hit)))[0];
  // The list had chosen its first line before the answer came.
  useEffect(() => {
    if (first) onFound(first);
  }, [first, onFound]);
  if (asked.length < 2) return null;
  const isNothing = data && KINDS.every(([kind]) => data.data[kind].length === 0);
  return (
    <>
      {KINDS.map(([kind, heading, href]) =>
        data && data.data[kind].length > 0 ? (
          <Command.Group key={kind} heading={heading} className={GROUP} forceMount>
            {data.data[kind].map((hit) => (
              <Command.Item
                key={hit.id}
                forceMount
                value={itemValue(kind, hit)}
                onSelect={() => onGo(href(hit))}
                className={ITEM}
              >
                <span className="flex min-w-0 flex-1 items-baseline justify-between gap-x-4 max-sm:flex-col max-sm:py-1">
                  <Name className="max-w-full truncate">{hit.label}</Name>
                  <span className="max-w-full truncate text-ink-soft text-xs">
                    {[hit.detail === hit.label ? null : hit.detail, hit.appName].filter(Boolean).join(' · ')}
                  </span>
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        ) : null,
      )}
      <p role="status" className="px-4 py-2 text-ink-soft text-sm empty:hidden">
        {error
          ? error.message
          : isFetching && !data
            ? 'Searching'
            : isNothing
              ? 'No tester, group or build matches.'
              : ''}
      </p>
    </>
  );
}
