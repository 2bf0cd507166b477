import type { Role } from '@/lib/browser/types';

/** What each role may do, in words. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'Sees the programme, with e-mail addresses masked',
  triager: 'Also sees addresses, refreshes, and works on feedback',
  manager: 'Also changes groups, testers, links and builds',
  admin: 'Also manages keys, the team and settings',
};
export const ROLES = Object.keys(ROLE_WORDS) as Role[];

/** A password that is shown once. */
export interface Temporary {
  readonly email: string;
  readonly password: string;
}
