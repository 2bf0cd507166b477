import { z } from 'zod';
import { consume, forgiveStatements } from '@/lib/access/login-limit';
import { hashPassword, PASSWORD_MAX, passwordProblem, verifyPassword } from '@/lib/access/passwords';
import { permissionsOf, type UserActor } from '@/lib/access/policy';
import { newSession, type SessionClaims } from '@/lib/access/sessions';
import { findCredentials, setPasswordHash } from '@/lib/access/users';
import { begin, finishStatement } from '@/lib/audit/trail';
import type { Ctx } from './ctx';
import { badMember, notFound, tooMany } from './errors';

export const passwordBody = z.strictObject({
  currentPassword: z.string().max(PASSWORD_MAX),
  newPassword: z.string().max(PASSWORD_MAX),
});

type UserCtx = Ctx & { readonly actor: UserActor };

/** Who is signed in and what they may do. */
export function describeMe({ actor }: UserCtx) {
  const { id, email, name, role } = actor;
  return { id, email, name, role, permissions: permissionsOf(role) };
}

/**
 * Changes one's own password. Every session ends; the returned claims are of a new one for this browser.
 * @throws RefusedError 400 with the member that is wrong, 429 after too many wrong current passwords
 */
export async function changePassword(
  ctx: UserCtx,
  given: z.infer<typeof passwordBody>,
  userAgent: string | null,
): Promise<SessionClaims> {
  const { actor, db } = ctx;
  const now = ctx.clock.now();
  const key = `password:${actor.id}`;
  const limited = await consume(db, [{ key, points: 5, windowMs: 15 * 60_000 }], now);
  if (limited) throw tooMany('Too many wrong passwords. Wait a while.', limited.retryAt);
  const found = await findCredentials(db, actor.email);
  if (!found || !(await verifyPassword(found.passwordHash, given.currentPassword))) {
    throw badMember('/currentPassword', 'This is not your current password.');
  }
  const problem = passwordProblem(given.newPassword, actor.email);
  if (problem) throw badMember('/newPassword', problem);
  if (given.newPassword === given.currentPassword) {
    throw badMember('/newPassword', 'This is the current password. Choose another one.');
  }
  const passwordHash = await hashPassword(given.newPassword);
  const intent = await begin(db, {
    at: now,
    actorId: actor.id,
    actorEmail: actor.email,
    action: 'changePassword',
    type: 'users',
    resourceId: actor.id,
    label: actor.email,
    requestId: ctx.requestId,
  });
  await setPasswordHash(db, actor.id, { passwordHash, isTemporary: false }, now);
  const user = (await findCredentials(db, actor.email))?.user;
  if (!user) throw notFound('This person is gone.');
  const session = newSession(user, now, userAgent);
  await db.write([
    ...session.statements,
    ...forgiveStatements(key, now),
    finishStatement(intent, { status: 'succeeded', at: now }),
  ]);
  return session.claims;
}
