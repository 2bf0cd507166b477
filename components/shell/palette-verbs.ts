'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type Activity,
  Bookmark,
  Download,
  Keyboard,
  KeyRound,
  Link2,
  LogOut,
  Moon,
  Plus,
  RefreshCw,
  Scissors,
  Upload,
  UserPlus,
} from 'lucide-react';
import { useUpdate } from '@/components/programme/use-update';
import { useShown } from '@/components/ui/shown-view';
import { toast, toastError } from '@/components/ui/toast';
import { refreshViewMutation } from '@/lib/query/freshness';
import { oneOptions } from '@/lib/query/lists';
import type { GroupResource } from '@/lib/query/types';
import { APP_PLACES, appOfPath } from './nav';
import { setTheme } from './theme';
import { useMay, useOpenPlaces } from './use-may';

/** Something to go to or to do. */
export interface Command {
  /** What it is remembered by; the same on every page. */
  readonly id: string;
  readonly label: string;
  readonly icon: typeof Activity;
  /** Other words people may type for it. */
  readonly also?: string;
  readonly run: () => void;
}

interface Here {
  readonly path: string;
  readonly search: string;
  readonly go: (href: string) => void;
  readonly openShortcuts: () => void;
}

/** An address that opens a dialog of its page; what the page was narrowed to stays. */
function asking(here: Here, path: string, what: string): string {
  const params = new URLSearchParams(here.path === path ? here.search : '');
  params.set('do', what);
  return `${path}?${params}`;
}

/** What can be done on the page at hand, and what can be done everywhere; what a role may not do is left out. */
export function useVerbs(here: Here): { page: Command[]; everywhere: Command[] } {
  const may = {
    testers: useMay('testers:write'),
    programme: useMay('programme:write'),
    export: useMay('export:run'),
    views: useMay('views:write'),
    sync: useMay('sync:run'),
    keys: useMay('accounts:write'),
    team: useMay('team:write'),
  };
  const app = appOfPath(here.path);
  const base = app ? `/apps/${encodeURIComponent(app.appId)}` : '';
  const section = app ? app.section : here.path;
  const link = useLinkSwitch(here);
  const sync = useSync();
  const verb = (
    id: string,
    label: string,
    icon: Command['icon'],
    run: () => void,
    also?: string,
  ): Command => ({
    id,
    label,
    icon,
    run,
    ...(also ? { also } : {}),
  });
  const open = (path: string, what: string) => () => here.go(asking(here, path, what));

  const invite =
    may.testers && app
      ? [verb('invite', 'Invite a tester', UserPlus, open(`${base}/testers`, 'invite'), 'add person')]
      : [];
  const newGroup = may.programme
    ? [verb('new-group', 'New group', Plus, open(app ? `${base}/groups` : '/groups', 'new-group'), 'create')]
    : [];
  const bringIn =
    may.testers && app
      ? [
          verb('import', 'Import testers', Upload, () => here.go(`${base}/testers/import`), 'csv file paste'),
          verb(
            'prune',
            'Prune testers',
            Scissors,
            () => here.go(`${base}/testers/prune`),
            'remove clean up inactive',
          ),
        ]
      : [];
  const exportTesters = may.export
    ? [
        verb(
          'export-testers',
          'Export testers',
          Download,
          open(app ? `${base}/testers` : '/testers', 'export'),
          'csv download',
        ),
      ]
    : [];
  const isList = ['/testers', '/groups', '/builds'].includes(section);
  const saveView =
    may.views && section === '/testers'
      ? [verb('save-view', 'Save this view', Bookmark, open(here.path, 'save-view'), 'filter bookmark')]
      : [];
  const addKey = may.keys
    ? [
        verb(
          'add-key',
          'Add an App Store Connect key',
          KeyRound,
          open('/settings/keys', 'add'),
          'account team',
        ),
      ]
    : [];
  const addPerson = may.team
    ? [
        verb(
          'add-person',
          'Add a person to the team',
          UserPlus,
          open('/settings/team', 'add'),
          'user colleague',
        ),
      ]
    : [];
  const syncNow = may.sync ? [verb('sync', 'Sync now', RefreshCw, sync, 'refresh update')] : [];

  const first = section.startsWith('/groups') ? [...link, ...newGroup, ...invite] : [...invite, ...newGroup];
  const inSettings = here.path.startsWith('/settings') ? [...addKey, ...addPerson] : [];
  const page = [
    ...inSettings,
    ...(app || isList ? [...first, ...bringIn, ...exportTesters, ...saveView] : []),
  ];
  const known = new Set(page.map(({ id }) => id));
  const rest = [...newGroup, ...exportTesters, ...syncNow, ...addKey, ...addPerson, ...appearance(here)];
  return { page, everywhere: rest.filter(({ id }) => !known.has(id)) };
}

function appearance(here: Here): Command[] {
  const theme = (id: 'light' | 'dark' | 'system', words: string): Command => ({
    id: `theme-${id}`,
    label: `Use the ${words}`,
    icon: Moon,
    also: 'appearance colours night',
    run: () => setTheme(id),
  });
  return [
    theme('light', 'light theme'),
    theme('dark', 'dark theme'),
    theme('system', 'theme of the system'),
    {
      id: 'shortcuts',
      label: 'Keyboard shortcuts',
      icon: Keyboard,
      also: 'keys help',
      run: here.openShortcuts,
    },
    { id: 'sign-out', label: 'Sign out', icon: LogOut, also: 'log out leave', run: () => void leave() },
  ];
}

async function leave(): Promise<void> {
  try {
    const { signOut } = await import('@/lib/query/session');
    await signOut();
    // A full load, so that nothing of this session stays in memory.
    location.assign('/sign-in');
  } catch (error) {
    void toastError('You are still signed in', error);
  }
}

/** Reads again what the page shows. */
function useSync(): () => void {
  const client = useQueryClient();
  const view = useShown() ?? { of: 'overview' as const };
  const sync = useMutation(refreshViewMutation(client, view));
  return () =>
    sync.mutate(undefined, {
      onSuccess: (look) =>
        void toast({
          title: look?.reason ? 'Could not be read again' : 'Reading what this page shows',
          ...(look?.reason ? { detail: look.reason } : {}),
        }),
      onError: (error) => void toastError('The sync was not started', error),
    });
}

/** On an external group's page: the public link, switched at once as its own switch does. */
function useLinkSwitch(here: Here): Command[] {
  const groupId = /^\/apps\/[^/]+\/groups\/([^/]+)$/.exec(here.path)?.[1] ?? '';
  const mayWrite = useMay('programme:write');
  const id = decodeURIComponent(groupId);
  const { data } = useQuery({
    ...oneOptions<GroupResource>('betaGroups', id),
    enabled: id !== '' && mayWrite,
  });
  const { save } = useUpdate('betaGroups', id);
  const group = data?.data.attributes;
  if (!mayWrite || !group || group.isInternalGroup) return [];
  const isOn = group.publicLinkEnabled ?? false;
  const words = isOn ? 'off' : 'on';
  return [
    {
      id: 'switch-link',
      label: `Switch the public link ${words}`,
      icon: Link2,
      also: 'toggle',
      run: () =>
        void save({
          attributes: { publicLinkEnabled: !isOn },
          before: { publicLinkEnabled: isOn },
          done: `Public link switched ${words}`,
        }).catch((error: unknown) => void toastError('The public link was not switched', error)),
    },
  ];
}

/** The places of the app at hand, and those across all apps. */
export function usePlaces(here: Here): Command[] {
  const all = useOpenPlaces();
  const app = appOfPath(here.path);
  const base = app ? `/apps/${encodeURIComponent(app.appId)}` : '';
  const inApp = app
    ? APP_PLACES.map((place) => ({ ...place, path: base + place.path, label: `This app: ${place.label}` }))
    : [];
  return [...inApp, ...all].map(({ path, label, icon }) => ({
    id: `go ${path}`,
    label,
    icon,
    run: () => here.go(path),
  }));
}
