import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
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
  const name = createHash('sha256').update(`${env.NEXTAUTH_SECRET}\n${token}`).digest('base64');
  const known = opened.get(name);
  if (known && known.endsAt > Date.now()) return known.claims;
  try {
    const told = await decode({ token, secret: env.NEXTAUTH_SECRET });
    const claims = claimsOf(told);
    if (claims && typeof told?.exp === 'number') opened.set(name, { claims, endsAt: told.exp * 1000 });
    return claims;
  } catch {
    return null;
  }
}

/**
 * Tokens that were opened lately, by their hash: deriving the key and decrypting takes longer than the rest of many an
 * answer. What is kept is only what a token says, which never changes; whether its session still lives is asked of the
 * store each time.
 */
const opened = new LRUCache<string, { readonly claims: SessionClaims; readonly endsAt: number }>({
  max: 500,
});

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
