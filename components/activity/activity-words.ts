import { attributeLabel } from '@/lib/format/labels';
import type { ActivityEntry } from '@/lib/query/types';

const VERBS: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'changed',
  delete: 'deleted',
  addLinkage: 'added to',
  removeLinkage: 'removed from',
  replaceLinkage: 'replaced in',
  signIn: 'signed in',
  signOut: 'signed out',
  changePassword: 'changed their password',
  replaceKey: 'replaced the key of',
  undo: 'undid',
};

const THINGS: Readonly<Record<string, string>> = {
  betaGroups: 'group',
  betaTesters: 'tester',
  builds: 'build',
  apps: 'app',
  accounts: 'App Store Connect key',
  people: 'person',
  views: 'view',
  betaTesterInvitations: 'invitation',
};

/** "changed group", "signed in". */
export function deedWords({ action, type }: Pick<ActivityEntry, 'action' | 'type'>): string {
  const verb = VERBS[action] ?? action;
  if (['signIn', 'signOut', 'changePassword'].includes(action)) return verb;
  return `${verb} ${THINGS[type] ?? type}`;
}

export interface Change {
  readonly attribute: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What an entry changed, attribute by attribute; only what differs. */
export function changesOf({ before, after }: Pick<ActivityEntry, 'before' | 'after'>): Change[] {
  const was = flat(before);
  const is = flat(after);
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .map((name) => ({ attribute: attributeLabel(name), before: was[name], after: is[name] }));
}

// Entries hold either attributes or whole resource objects.
function flat(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const { attributes } = value as { attributes?: unknown };
  return (typeof attributes === 'object' && attributes !== null ? attributes : value) as Record<
    string,
    unknown
  >;
}
