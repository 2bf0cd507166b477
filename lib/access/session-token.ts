import { decode, encode } from 'next-auth/jwt';
import { SESSION_MAX_MS, type SessionClaims } from './sessions';

/** The settings a cookie depends on. */
export interface CookieFacts {
  /** The address people use; https makes the cookie `Secure` and `__Host-`. */
  readonly NEXTAUTH_URL: string;
  readonly NEXTAUTH_SECRET: string;
}

export function isSecure(env: Pick<CookieFacts, 'NEXTAUTH_URL'>): boolean {
  return env.NEXTAUTH_URL.startsWith('https:');
}

/** `__Host-` binds the cookie to this host and path; browsers take it over https only. */
export function sessionCookieName(env: Pick<CookieFacts, 'NEXTAUTH_URL'>): string {
  return isSecure(env) ? '__Host-next-auth.session-token' : 'next-auth.session-token';
}

/** The encrypted token the cookie carries: the session's id and version, nothing about the person. */
export function sessionToken(env: CookieFacts, claims: SessionClaims): Promise<string> {
  return encode({ token: tokenOf(claims), secret: env.NEXTAUTH_SECRET, maxAge: SESSION_MAX_MS / 1000 });
}

/** What a token says, or null when it is not ours, was changed or has run out. */
export async function readSessionToken(
  env: CookieFacts,
  token: string | undefined,
): Promise<SessionClaims | null> {
  if (!token || env.NEXTAUTH_SECRET === '') return null;
  try {
    return claimsOf(await decode({ token, secret: env.NEXTAUTH_SECRET }));
  } catch {
    return null;
  }
}

/** The claims as members of next-auth's token. */
export function tokenOf(claims: SessionClaims): Record<string, unknown> {
  const { sessionId: sid, userId: uid, tokenVersion: ver, unkeptSince: since } = claims;
  return { sid, uid, ver, ...(since === undefined ? {} : { since }) };
}

/** The claims of next-auth's token, or null when it is not one of ours. */
export function claimsOf(token: Record<string, unknown> | null): SessionClaims | null {
  const { sid, uid, ver, since } = token ?? {};
  if (typeof sid !== 'string' || typeof uid !== 'string' || typeof ver !== 'number') return null;
  return {
    sessionId: sid,
    userId: uid,
    tokenVersion: ver,
    ...(typeof since === 'number' ? { unkeptSince: since } : {}),
  };
}
