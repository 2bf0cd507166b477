import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { parseCookies } from './cookies';
import { type CookieFacts, isSecure } from './session-token';

/** How long a browser stays known after signing in, ms. */
const KNOWN_MS = 180 * 24 * 60 * 60_000;

/**
 * The `Set-Cookie` value that lets a browser be known again after a person has signed in there. It opens nothing: it
 * only keeps that person's tries apart from those of strangers.
 */
export function deviceCookie(env: CookieFacts, userId: string, now: number): string {
  const facts = `${randomBytes(12).toString('base64url')}.${now}`;
  const parts = [
    `${nameOf(env, userId)}=${facts}.${sign(env, userId, facts)}`,
    'Path=/',
    `Max-Age=${KNOWN_MS / 1000}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(isSecure(env) ? ['Secure'] : []),
  ];
  return parts.join('; ');
}

/** The id of the browser, when this person has signed in there before; else null. */
export function knownDevice(
  env: CookieFacts,
  cookieHeader: string | null,
  userId: string,
  now: number,
): string | null {
  const value = parseCookies(cookieHeader)[nameOf(env, userId)] ?? '';
  const [id = '', at = '', given = ''] = value.split('.');
  const expected = Buffer.from(sign(env, userId, `${id}.${at}`));
  const signature = Buffer.from(given);
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return null;
  return now - Number(at) < KNOWN_MS ? id : null;
}

// A cookie per person, so that two who share a browser do not push each other out.
function nameOf(env: CookieFacts, userId: string): string {
  const name = `fd-device-${createHash('sha256').update(userId).digest('hex').slice(0, 12)}`;
  return isSecure(env) ? `__Host-${name}` : name;
}

function sign(env: CookieFacts, userId: string, facts: string): string {
  return createHmac('sha256', `device ${env.NEXTAUTH_SECRET}`)
    .update(`${userId} ${facts}`)
    .digest('base64url');
}
