'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type Activity,
  BellPlus,
  Bookmark,
  CircleAlert,
  Download,
  FileCode,
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
import { refreshViewMutation } from '@/lib/browser/freshness';
import { lightsOptions } from '@/lib/browser/lights';
import { oneOptions } from '@/lib/browser/lists';
import type { GroupResource } from '@/lib/browser/types';
import { appOfPath, homeOf } from '@/lib/format/app-address';
import { isolated } from '@/lib/format/isolated';
import { lightStep } from '@/lib/format/light-words';
import { useApps, useMay, useOpenPlaces } from './known';
import { leave } from './leave';
import { APP_PLACES } from './nav';
import { setTheme, THEMES, type Theme } from './theme';
import { useHasKey } from './use-has-key';

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
  const hasKey = useHasKey();
  const may = {
    testers: useMay('testers:write'),
    programme: useMay('programme:write') && hasKey,
    export: useMay('export:run') && hasKey,
    apple: useMay('apple:read') && hasKey,
    views: useMay('views:write'),
    sync: useMay('sync:run') && hasKey,
    keys: useMay('accounts:write'),
    team: useMay('team:write'),
  };
  const app = appOfPath(here.path);
  const base = app?.base ?? '';
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
  const asCode =
    may.apple && app
      ? [
          verb(
            'as-code',
            'Programme as code',
            FileCode,
            () => here.go(`${base}/test-information/file`),
            'yaml file export apply compare clone git',
          ),
        ]
      : [];
  const exported = (id: string, words: string, path: string) =>
    may.export ? [verb(id, words, Download, open(path, 'export'), 'csv json download')] : [];
  const exportTesters = exported('export-testers', 'Export testers', app ? `${base}/testers` : '/testers');
  const exportGroups = exported('export-groups', 'Export groups', app ? `${base}/groups` : '/groups');
  const exportBuilds = exported('export-builds', 'Export builds', app ? `${base}/builds` : '/builds');
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
  const addAlert = [
    verb('add-alert', 'Add an alert', BellPlus, open('/settings/alerts', 'add'), 'notify tell mail slack'),
  ];
  const syncNow = may.sync ? [verb('sync', 'Sync now', RefreshCw, sync, 'refresh update')] : [];

  const isGroups = section.startsWith('/groups');
  const isBuilds = section.startsWith('/builds');
  const first = isGroups ? [...link, ...newGroup, ...invite] : [...invite, ...newGroup];
  const exportHere = isGroups ? exportGroups : isBuilds ? exportBuilds : exportTesters;
  const inSettings = here.path.startsWith('/settings') ? [...addAlert, ...addKey, ...addPerson] : [];
  const page = [
    ...inSettings,
    ...(app || isList ? [...first, ...bringIn, ...exportHere, ...saveView, ...asCode] : []),
  ];
  const known = new Set(page.map(({ id }) => id));
  const rest = [
    ...newGroup,
    ...exportTesters,
    ...exportGroups,
    ...exportBuilds,
    ...syncNow,
    ...addAlert,
    ...addKey,
    ...addPerson,
    ...appearance(here),
  ];
  return { page, everywhere: rest.filter(({ id }) => !known.has(id)) };
}

function appearance(here: Here): Command[] {
  const themes = (Object.keys(THEMES) as Theme[]).map(
    (id): Command => ({
      id: `theme-${id}`,
      label: `Theme: ${THEMES[id].toLowerCase()}`,
      icon: Moon,
      also: 'use appearance colours night',
      run: () => setTheme(id),
    }),
  );
  return [
    ...themes,
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

/** What wants somebody, here or anywhere, as its next step: each leads to where that is done. */
export function useAsked(here: Pick<Here, 'path' | 'go'>): Command[] {
  const app = appOfPath(here.path);
  const { data } = useQuery(lightsOptions({ app: app?.appId, account: app?.accountId }));
  const apps = useApps();
  return (data?.data ?? []).map((light): Command => {
    const of = apps.find(
      ({ id, meta }) => id === light.appId && (!meta?.accountId || meta.accountId === light.accountId),
    );
    const { label, href } = lightStep(light, homeOf(light.appId ?? '', of?.meta));
    const names = [light.name, app && light.name ? null : of?.attributes?.name].flatMap((name) =>
      name ? [isolated(name)] : [],
    );
    return {
      id: `asked ${light.key}`,
      label: [label, ...names].join(' · '),
      icon: CircleAlert,
      also: 'wants somebody needs attention answer to do problem next step light',
      run: () => here.go(href),
    };
  });
}

/** The places of the app at hand, and those across all apps. */
export function usePlaces(here: Here): Command[] {
  const all = useOpenPlaces();
  const app = appOfPath(here.path);
  const base = app?.base ?? '';
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
