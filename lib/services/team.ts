import { z } from 'zod';
import { hashPassword, temporaryPassword } from '@/lib/access/passwords';
import { authorise, ROLES, type Role } from '@/lib/access/policy';
import { forgiveTries, personPace } from '@/lib/access/sign-in-pace';
import {
  changeUser,
  createUser,
  getUser,
  listUsers,
  normaliseEmail,
  setPasswordHash,
  type User,
} from '@/lib/access/users';
import { audited } from './audited';
import type { Ctx } from './ctx';
import { conflict, notFound } from './errors';

const role = z.enum(ROLES, 'Choose viewer, triager, manager or admin.');
const name = z.string().trim().max(120, 'The name is longer than 120 characters.').nullish();

export const inviteBody = z.strictObject({
  email: z.email('This is not an e-mail address.').max(254),
  name,
  role,
});

export const memberBody = z
  .strictObject({
    id: z.string().min(1),
    name,
    role: role.optional(),
    isDisabled: z.boolean().optional(),
    resetPassword: z.literal(true).optional(),
  })
  .refine(({ id: _, ...change }) => Object.keys(change).length > 0, 'Say what to change.');

/** A member of the team as the pages see one; instants as ISO text. */
export interface Member {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly isDisabled: boolean;
  readonly createdAt: string;
  readonly lastSignInAt: string | null;
  readonly isYou: boolean;
}

/** Everybody who may sign in. */
export async function listTeam(ctx: Ctx): Promise<Member[]> {
  authorise(ctx.actor, 'team:read');
  return (await listUsers(ctx.db)).map((user) => toMember(ctx, user));
}

/**
 * Adds a person with a temporary password, which is shown this once, kept nowhere, and opens only the page that changes it.
 * @throws EmailTakenError
 */
export async function inviteMember(
  ctx: Ctx,
  given: z.infer<typeof inviteBody>,
): Promise<{ member: Member; temporaryPassword: string }> {
  authorise(ctx.actor, 'team:write');
  const email = normaliseEmail(given.email);
  const password = temporaryPassword();
  const passwordHash = await hashPassword(password);
  const user = { email, name: given.name || null, role: given.role };
  return audited(ctx, { action: 'create', type: 'users', label: email, requested: user }, async () => {
    const created = await createUser(
      ctx.db,
      { ...user, passwordHash, hasTemporaryPassword: true },
      ctx.clock.now(),
    );
    const member = toMember(ctx, created);
    return { result: { member, temporaryPassword: password }, after: { id: created.id, ...user } };
  });
}

/**
 * Changes a person's name, role or state, or gives a new temporary password; their sessions end.
 * @throws LastAdminError when nobody would be left who may administer
 */
export async function changeMember(
  ctx: Ctx,
  given: z.infer<typeof memberBody>,
): Promise<{ member: Member; temporaryPassword?: string }> {
  authorise(ctx.actor, 'team:write');
  const user = await getUser(ctx.db, given.id);
  if (!user) throw notFound('There is no such person in the team.');
  if (given.resetPassword && ctx.actor.kind === 'user' && ctx.actor.id === user.id) {
    throw conflict('FLIGHTDECK.OWN_PASSWORD', 'Change your own password on your account page.');
  }
  const before = { name: user.name, role: user.role, isDisabled: user.disabledAt !== null };
  const { id: _, resetPassword, ...rest } = given;
  const change = {
    ...(rest.name === undefined ? {} : { name: rest.name || null }),
    ...(rest.role ? { role: rest.role } : {}),
    ...(rest.isDisabled === undefined ? {} : { isDisabled: rest.isDisabled }),
  };
  const requested = { ...change, ...(resetPassword ? { resetPassword } : {}) };
  const draft = {
    action: 'update',
    type: 'users',
    resourceId: user.id,
    label: user.email,
    before,
    requested,
  };
  return audited(ctx, draft, async () => {
    const changed = await changeUser(ctx.db, user.id, change, ctx.clock.now());
    const password = resetPassword ? temporaryPassword() : undefined;
    if (password) await renewPassword(ctx, user, password);
    const member = toMember(ctx, changed);
    return { result: { member, ...(password ? { temporaryPassword: password } : {}) }, after: requested };
  });
}

/** A new password ends the sessions and forgives the wrong tries that called for it. */
async function renewPassword({ db, clock }: Ctx, { id, email }: User, password: string): Promise<void> {
  const now = clock.now();
  await setPasswordHash(db, id, { passwordHash: await hashPassword(password), isTemporary: true }, now);
  await db.write(forgiveTries([personPace(email)], now));
}

function toMember({ actor }: Ctx, user: User): Member {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    isDisabled: user.disabledAt !== null,
    createdAt: new Date(user.createdAt).toISOString(),
    lastSignInAt: user.lastSignInAt === null ? null : new Date(user.lastSignInAt).toISOString(),
    isYou: actor.kind === 'user' && actor.id === user.id,
  };
}
