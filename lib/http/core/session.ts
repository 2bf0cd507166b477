import { parseCookies } from '@/lib/access/cookies';
import type { UserActor } from '@/lib/access/policy';
import { readSessionToken, sessionCookieName } from '@/lib/access/session-token';
import { actorOfSession, type SessionClaims } from '@/lib/access/sessions';
import type { AppContext } from '@/lib/context';

type Facts = Pick<AppContext, 'env' | 'db' | 'clock'>;

/** What the request's cookie claims, unproven; null when there is no readable cookie. */
export function claimsOfRequest(
  { env }: Pick<Facts, 'env'>,
  request: Request,
): Promise<SessionClaims | null> {
  return readSessionToken(env, parseCookies(request.headers.get('cookie'))[sessionCookieName(env)]);
}

/** The person behind a request, proven against the database at this instant; null when there is none. */
export async function actorOfRequest(
  app: Facts,
  request: Request,
  options: { readonly isUse?: boolean } = {},
): Promise<UserActor | null> {
  const claims = await claimsOfRequest(app, request);
  return claims && (await actorOfSession(app.db, claims, app.clock.now(), options));
}
