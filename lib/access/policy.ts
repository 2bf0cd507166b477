import type { Permission as ApplePermission } from '@/lib/asc/catalogue/types';

/** From least to most: each role may do what the one before it may. */
export const ROLES = ['viewer', 'triager', 'manager', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The catalogue's permissions and those on what is ours. */
export type Permission =
  | ApplePermission
  | 'apple:read'
  | 'testers:identify'
  | 'accounts:read'
  | 'accounts:write'
  | 'team:read'
  | 'team:write'
  | 'audit:read'
  | 'sync:run'
  | 'tokens:write'
  | 'symbols:write'
  | 'lights:snooze'
  | 'persons:write'
  | 'jobs:read'
  | 'jobs:run'
  | 'alerts:own'
  | 'alerts:share'
  | 'views:read'
  | 'views:write'
  | 'export:run';

/** The least role that may do a thing: the one table that decides. */
export const LEAST_ROLE: Readonly<Record<Permission, Role>> = {
  'programme:read': 'viewer',
  'testers:read': 'viewer',
  'feedback:read': 'viewer',
  'accounts:read': 'viewer',
  'views:read': 'viewer',
  // Of one's own: what one is told of, and when.
  'alerts:own': 'viewer',
  // To cause a request to App Store Connect at all; viewers are served from what is stored.
  'apple:read': 'triager',
  // To see testers' e-mail addresses in full.
  'testers:identify': 'triager',
  'feedback:write': 'triager',
  'views:write': 'triager',
  // To have what one is told of told in a channel of the team.
  'alerts:share': 'triager',
  'symbols:write': 'triager',
  // To hide what wants somebody from the team for a while.
  'lights:snooze': 'triager',
  'audit:read': 'triager',
  'jobs:read': 'triager',
  'sync:run': 'triager',
  'settings:read': 'manager',
  'programme:write': 'manager',
  'testers:write': 'manager',
  'jobs:run': 'manager',
  'export:run': 'manager',
  'team:read': 'manager',
  'settings:write': 'admin',
  'accounts:write': 'admin',
  'team:write': 'admin',
  'tokens:write': 'admin',
  // To be told all that is known of a tester, and to erase it.
  'persons:write': 'admin',
};

/** Whether a word from outside is a role. */
export function isRole(word: unknown): word is Role {
  return typeof word === 'string' && (ROLES as readonly string[]).includes(word);
}

/** Whether a role may do a thing. */
export function can(role: Role, permission: Permission): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(LEAST_ROLE[permission]);
}

/** Every permission of a role, for the interface to hide what would be refused. */
export function permissionsOf(role: Role): Permission[] {
  return (Object.keys(LEAST_ROLE) as Permission[]).filter((permission) => can(role, permission));
}

/** What a machine may be allowed, and nothing else: each is asked for by a route that takes tokens. */
export const MACHINE_PERMISSIONS = [
  'programme:read',
  'feedback:read',
  'symbols:write',
  'jobs:read',
  'jobs:run',
] as const satisfies readonly Permission[];
export type MachinePermission = (typeof MACHINE_PERMISSIONS)[number];

/** Who asks: a signed-in person, a machine with a token, or a process of ours. */
export type Actor = UserActor | MachineActor | SystemActor;
export interface UserActor {
  readonly kind: 'user';
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly sessionId: string;
  /** Signed in with a password somebody else made: nothing is allowed but to change it. */
  readonly mustChangePassword?: boolean;
}
export interface MachineActor {
  readonly kind: 'machine';
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly MachinePermission[];
  /** The one app it is for; null for all. */
  readonly app: { readonly accountId: string; readonly appId: string } | null;
}
export interface SystemActor {
  readonly kind: 'system';
  readonly name: 'worker' | 'shell';
  /** The rule of the team that acts. */
  readonly rule?: string;
}

/** Whether an actor may do a thing; our own processes may do everything. */
export function may(actor: Actor, permission: Permission): boolean {
  if (actor.kind === 'machine') return actor.permissions.some((each) => each === permission);
  return actor.kind === 'system' || can(actor.role, permission);
}

/** The id of the person who acts; null for a machine or a process of ours. */
export function personId(actor: Actor): string | null {
  return actor.kind === 'user' ? actor.id : null;
}

/** By what a record that needs an owner knows who acts: a person's id, else the name of the machine or process. */
export function ownerOf(actor: Actor): string {
  return actor.kind === 'user' ? actor.id : actor.name;
}

/** The actor may not do this. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
  constructor(
    readonly permission: Permission,
    message = `This needs the role ${LEAST_ROLE[permission]} or higher.`,
  ) {
    super(message);
  }
}

/** @throws ForbiddenError when the actor may not do this */
export function authorise(actor: Actor, permission: Permission): void {
  if (may(actor, permission)) return;
  if (actor.kind === 'machine') throw new ForbiddenError(permission, 'This token is not made for that.');
  throw new ForbiddenError(permission);
}

/** @throws ForbiddenError when the actor is a machine whose token is for another app */
export function authoriseApp(
  actor: Actor,
  permission: Permission,
  { accountId, appId }: { readonly accountId: string; readonly appId: string },
): void {
  authorise(actor, permission);
  if (actor.kind !== 'machine' || actor.app === null) return;
  if (actor.app.accountId === accountId && actor.app.appId === appId) return;
  throw new ForbiddenError(permission, 'This token is for another app.');
}
