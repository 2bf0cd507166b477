import { z } from 'zod';
import { createFirstAdmin, isFirstRun, isSetupToken } from '@/lib/access/first-run';
import { consume, forgiveStatements, SETUP_LIMIT } from '@/lib/access/login-limit';
import { hashPassword, PASSWORD_MAX, passwordProblem } from '@/lib/access/passwords';
import { newSession, type SessionClaims } from '@/lib/access/sessions';
import { findCredentials, normaliseEmail } from '@/lib/access/users';
import { record } from '@/lib/audit/trail';
import type { Ctx } from './ctx';
import { badMember, conflict, RefusedError, tooMany } from './errors';

export const setupBody = z.strictObject({
  token: z.string().min(1, 'Enter the token printed in the log.').max(200),
  email: z.email('This is not an e-mail address.').max(254),
  name: z.string().trim().max(120).nullish(),
  password: z.string().max(PASSWORD_MAX),
});

type SetupCtx = Pick<Ctx, 'db' | 'clock' | 'requestId'>;

/**
 * Creates the first admin and signs them in, for whoever holds the one-time token from the log.
 * @throws RefusedError 403 for another token, 409 when there is an admin already, 429 after ten wrong tokens
 */
export async function setUp(
  ctx: SetupCtx,
  given: z.infer<typeof setupBody>,
  userAgent: string | null,
): Promise<SessionClaims> {
  const now = ctx.clock.now();
  if (!(await isFirstRun(ctx.db))) throw alreadyDone();
  const limited = await consume(ctx.db, [SETUP_LIMIT], now);
  if (limited)
    throw tooMany('Too many tries. Wait a while, or restart Flightdeck for a new token.', limited.retryAt);
  if (!(await isSetupToken(ctx.db, given.token.trim()))) {
    throw new RefusedError({
      status: 403,
      code: 'FLIGHTDECK.SETUP_TOKEN',
      title: 'Another token',
      detail: 'This is not the token of the last start. It stands in the log of the web process.',
      source: { pointer: '/token' },
    });
  }
  const problem = passwordProblem(given.password, given.email);
  if (problem) throw badMember('/password', problem);
  const email = normaliseEmail(given.email);
  const passwordHash = await hashPassword(given.password);
  const name = given.name || null;
  if (!(await createFirstAdmin(ctx.db, { email, name, passwordHash }, now))) throw alreadyDone();
  const user = (await findCredentials(ctx.db, email))?.user;
  if (!user) throw alreadyDone();
  const session = newSession(user, now, userAgent);
  await ctx.db.write([...session.statements, ...forgiveStatements(SETUP_LIMIT.key, now)]);
  await record(
    ctx.db,
    {
      at: now,
      actorId: user.id,
      actorEmail: email,
      action: 'create',
      type: 'users',
      resourceId: user.id,
      label: email,
      requestId: ctx.requestId,
    },
    { status: 'succeeded', after: { email, name, role: 'admin' } },
  );
  return session.claims;
}

function alreadyDone(): RefusedError {
  return conflict('FLIGHTDECK.SETUP_DONE', 'Flightdeck is set up already. Sign in instead.');
}
