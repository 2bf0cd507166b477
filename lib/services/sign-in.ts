import { knownDevice } from '@/lib/access/device';
import { dummyHash, PASSWORD_MAX, verifyPassword } from '@/lib/access/passwords';
import { newSession, revokeHere, revokeStatement, type SessionClaims } from '@/lib/access/sessions';
import { forgiveTries, signInPaces, takeTry } from '@/lib/access/sign-in-pace';
import { findCredentials, getUser, normaliseEmail, type User } from '@/lib/access/users';
import { record } from '@/lib/audit/trail';
import type { Write } from '@/lib/store/database';
import type { Ctx } from './ctx';

export interface SignInAttempt {
  readonly email: string;
  readonly password: string;
  /** The caller's address when a proxy that tells it is trusted. */
  readonly address: string | null;
  readonly userAgent: string | null;
  /** The `Cookie` header, where a browser in which this person has signed in before is known by. */
  readonly cookies: string | null;
}

export type SignInResult =
  | { readonly outcome: 'signedIn'; readonly user: User; readonly claims: SessionClaims }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'limited'; readonly retryAt: number };

type SignInCtx = Pick<Ctx, 'db' | 'clock' | 'log' | 'requestId' | 'env'>;

/**
 * Proves a password and starts a session. An unknown address, a wrong password and a disabled user take the same
 * time and give the same answer; tries that come too fast are not verified at all. On a full disk people still get in.
 */
export async function signIn(ctx: SignInCtx, attempt: SignInAttempt): Promise<SignInResult> {
  const email = normaliseEmail(attempt.email).slice(0, 254);
  const now = ctx.clock.now();
  const found = await findCredentials(ctx.db, email);
  const device = knownDevice(ctx.env, attempt.cookies, found?.user.id ?? '', now);
  const paces = signInPaces(email, attempt.address, device);
  const limited = await takeTry(ctx.db, paces, now);
  if (limited) {
    ctx.log.warn({ requestId: ctx.requestId, email, address: attempt.address }, 'sign-in limited');
    return { outcome: 'limited', retryAt: limited.retryAt };
  }
  const isRight = await verifyPassword(
    found?.passwordHash ?? (await dummyHash()),
    attempt.password.slice(0, PASSWORD_MAX * 2),
  );
  if (!found || !isRight || found.user.disabledAt !== null) {
    ctx.log.warn({ requestId: ctx.requestId, email, address: attempt.address }, 'sign-in refused');
    return { outcome: 'refused' };
  }
  const session = newSession(found.user, now, attempt.userAgent);
  const claims = await kept(ctx, session, forgiveTries(paces, now), now);
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
  ).catch((error: unknown) => unlessFull(ctx, error));
  return { outcome: 'signedIn', user: found.user, claims };
}

/** Keeps the session; where the store has no room, its token says so and is good for an hour. */
async function kept(
  ctx: SignInCtx,
  { claims, statements }: ReturnType<typeof newSession>,
  more: readonly Write[],
  now: number,
): Promise<SessionClaims> {
  try {
    await ctx.db.write([...statements, ...more]);
    return claims;
  } catch (error) {
    unlessFull(ctx, error);
    return { ...claims, unkeptSince: now };
  }
}

/** Signing in and out go on while nothing can be written; anything else is a fault. */
function unlessFull({ log, requestId }: SignInCtx, error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'DatabaseUnavailableError') throw error;
  log.warn({ requestId, err: error }, 'signing in or out could not be written down');
}

/** Ends the session of a token; the token is worth nothing afterwards. */
export async function signOut(ctx: SignInCtx, claims: SessionClaims): Promise<void> {
  const now = ctx.clock.now();
  let ended: number | undefined;
  try {
    [ended] = await ctx.db.write([revokeStatement(claims.sessionId, now)]);
  } catch (error) {
    unlessFull(ctx, error);
  }
  if (ended === undefined || claims.unkeptSince !== undefined) revokeHere(ctx.db, claims, now);
  if (ended === 0 && claims.unkeptSince === undefined) return;
  const email = (await getUser(ctx.db, claims.userId))?.email ?? null;
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
  ).catch((error: unknown) => unlessFull(ctx, error));
}
