import { consume, forgiveStatements, signInLimits } from '@/lib/access/login-limit';
import { dummyHash, PASSWORD_MAX, verifyPassword } from '@/lib/access/passwords';
import { newSession, revokeStatement, type SessionClaims } from '@/lib/access/sessions';
import { findCredentials, getUser, normaliseEmail, type User } from '@/lib/access/users';
import { record } from '@/lib/audit/trail';
import type { Ctx } from './ctx';

export interface SignInAttempt {
  readonly email: string;
  readonly password: string;
  /** The caller's address when a proxy that tells it is trusted. */
  readonly address: string | null;
  readonly userAgent: string | null;
}

export type SignInResult =
  | { readonly outcome: 'signedIn'; readonly user: User; readonly claims: SessionClaims }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'limited'; readonly retryAt: number };

type SignInCtx = Pick<Ctx, 'db' | 'clock' | 'log' | 'requestId'>;

/**
 * Proves a password and starts a session. An unknown address, a wrong password and a disabled user take the same
 * time and give the same answer; tries beyond the limits are not verified at all.
 */
export async function signIn(ctx: SignInCtx, attempt: SignInAttempt): Promise<SignInResult> {
  const email = normaliseEmail(attempt.email).slice(0, 254);
  const now = ctx.clock.now();
  const limits = signInLimits(email, attempt.address);
  const limited = await consume(ctx.db, limits, now);
  if (limited) {
    ctx.log.warn({ requestId: ctx.requestId, email, address: attempt.address }, 'sign-in limited');
    return { outcome: 'limited', retryAt: limited.retryAt };
  }
  const found = findCredentials(ctx.db, email);
  const isRight = await verifyPassword(
    found?.passwordHash ?? (await dummyHash()),
    attempt.password.slice(0, PASSWORD_MAX * 2),
  );
  if (!found || !isRight || found.user.disabledAt !== null) {
    ctx.log.warn({ requestId: ctx.requestId, email, address: attempt.address }, 'sign-in refused');
    return { outcome: 'refused' };
  }
  const session = newSession(found.user, now, attempt.userAgent);
  await ctx.db.write([...session.statements, ...forgiveStatements(limits[0]?.key ?? '', now)]);
  await record(
    ctx.db,
    {
      at: now,
      actorId: found.user.id,
      actorEmail: email,
      action: 'signIn',
      type: 'sessions',
      label: email,
      requestId: ctx.requestId,
    },
    { status: 'succeeded' },
  );
  return { outcome: 'signedIn', user: found.user, claims: session.claims };
}

/** Ends the session of a token; the token is worth nothing afterwards. */
export async function signOut(ctx: SignInCtx, claims: SessionClaims): Promise<void> {
  const now = ctx.clock.now();
  const [ended] = await ctx.db.write([revokeStatement(claims.sessionId, now)]);
  if (ended !== 1) return;
  const email = getUser(ctx.db, claims.userId)?.email ?? null;
  await record(
    ctx.db,
    {
      at: now,
      actorId: claims.userId,
      actorEmail: email,
      action: 'signOut',
      type: 'sessions',
      label: email,
      requestId: ctx.requestId,
    },
    { status: 'succeeded' },
  );
}
