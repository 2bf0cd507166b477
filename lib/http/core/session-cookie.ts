import { type CookieFacts, isSecure, sessionCookieName, sessionToken } from '@/lib/access/session-token';
import { SESSION_MAX_MS, type SessionClaims } from '@/lib/access/sessions';

/** The `Set-Cookie` value that carries a session; the same attributes as next-auth sets at sign-in. */
export async function sessionCookie(env: CookieFacts, claims: SessionClaims): Promise<string> {
  const parts = [
    `${sessionCookieName(env)}=${await sessionToken(env, claims)}`,
    'Path=/',
    `Max-Age=${SESSION_MAX_MS / 1000}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(isSecure(env) ? ['Secure'] : []),
  ];
  return parts.join('; ');
}
