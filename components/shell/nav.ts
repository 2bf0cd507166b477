import {
  Activity,
  AppWindow,
  ChartLine,
  ChartNoAxesColumn,
  FileText,
  HeartPulse,
  Inbox,
  LayoutGrid,
  ListChecks,
  Package,
  Settings,
  Stamp,
  Users,
  UsersRound,
} from 'lucide-react';

/** One place to go; `key` is pressed after `g`. */
export interface Place {
  readonly path: string;
  readonly label: string;
  readonly key: string;
  readonly icon: typeof Activity;
  /** Without this permission the place refuses, so it is not offered. */
  readonly needs?: string;
}

/** Inside an app; paths are relative to `/apps/{id}`. */
export const APP_PLACES: readonly Place[] = [
  { path: '', label: 'Overview', key: 'o', icon: LayoutGrid },
  { path: '/groups', label: 'Groups', key: 'g', icon: UsersRound },
  { path: '/testers', label: 'Testers', key: 't', icon: Users },
  { path: '/builds', label: 'Builds', key: 'b', icon: Package },
  { path: '/feedback', label: 'Feedback', key: 'f', icon: Inbox, needs: 'feedback:read' },
  { path: '/adoption', label: 'Adoption', key: 'n', icon: ChartNoAxesColumn },
  { path: '/test-information', label: 'Test information', key: 'e', icon: FileText },
  { path: '/app-clips', label: 'App Clips', key: 'c', icon: AppWindow },
  { path: '/metrics', label: 'Metrics', key: 'm', icon: ChartLine },
];

/** Across all apps. */
const ALL_PLACES: readonly Place[] = [
  { path: '/', label: 'Health', key: 'h', icon: HeartPulse },
  { path: '/groups', label: 'All groups', key: 'u', icon: UsersRound },
  { path: '/testers', label: 'All testers', key: 'p', icon: Users },
  { path: '/builds', label: 'All builds', key: 'd', icon: Package },
  { path: '/reviews', label: 'Beta review', key: 'r', icon: Stamp },
  { path: '/feedback', label: 'All feedback', key: 'i', icon: Inbox, needs: 'feedback:read' },
  { path: '/metrics', label: 'All metrics', key: 'k', icon: ChartLine },
  { path: '/activity', label: 'Activity', key: 'a', icon: Activity, needs: 'audit:read' },
  { path: '/jobs', label: 'Jobs', key: 'j', icon: ListChecks, needs: 'jobs:read' },
  { path: '/settings', label: 'Settings', key: 's', icon: Settings },
];

/** The places across all apps that do not refuse who has these permissions. */
export function placesFor(permissions: readonly string[]): readonly Place[] {
  return ALL_PLACES.filter(({ needs }) => !needs || permissions.includes(needs));
}

/** What is a part of feedback without standing under its address. */
const PART_OF_FEEDBACK = /^(\/apps\/[^/]+)?\/(issues|symbols)(?=\/|$)/;

/** Whether a place is where one is, or above it. */
export function isHere(pathname: string, path: string): boolean {
  if (path === '/' || /^\/apps\/[^/]+$/.test(path)) return pathname === path;
  const at = pathname.replace(PART_OF_FEEDBACK, '$1/feedback');
  return at === path || at.startsWith(`${path}/`);
}
