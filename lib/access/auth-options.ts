import type { AuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { ownAddress } from './own-path';
import { type CookieFacts, claimsOf, isSecure, sessionCookieName, tokenOf } from './session-token';
import { SESSION_MAX_MS, type SessionClaims } from './sessions';

/** What signing in and out does; given from outside, so that this file only speaks next-auth. */
export interface AuthVerbs {
  /** Resolves to null when refused; rejects with an Error whose message is shown as `?error=`. */
  signIn(credentials: { email: string; password: string }): Promise<SignedIn | null>;
  signOut(claims: SessionClaims): Promise<void>;
  /** The person of a session that is alive, else null. */
  personOf(claims: SessionClaims): Promise<{ name: string | null; email: string; role: string } | null>;
  log(level: 'warn' | 'error', code: string, detail: string): void;
}

export interface SignedIn {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly claims: SessionClaims;
}

/** next-auth's settings: credentials, a JWT that carries only our session's id, one strict cookie. */
export function authOptions(env: CookieFacts, verbs: AuthVerbs): AuthOptions {
  return {
    secret: env.NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: SESSION_MAX_MS / 1000 },
    pages: { signIn: '/sign-in', signOut: '/sign-in', error: '/sign-in' },
    useSecureCookies: isSecure(env),
    cookies: {
      sessionToken: {
        name: sessionCookieName(env),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure(env) },
      },
    },
    providers: [
      Credentials({
        name: 'Flightdeck',
        credentials: {
          email: { label: 'E-mail', type: 'email' },
          password: { label: 'Password', type: 'password' },
        },
        async authorize(given) {
          if (typeof given?.email !== 'string' || typeof given.password !== 'string') return null;
          return verbs.signIn({ email: given.email, password: given.password });
        },
      }),
    ],
    callbacks: {
      // At sign-in `user` is what authorize returned; later the token is passed through as it is.
      jwt: ({ token, user }) => (user && 'claims' in user ? tokenOf(user.claims as SessionClaims) : token),
      async session({ session, token }) {
        const claims = claimsOf(token);
        const person = claims && (await verbs.personOf(claims));
        // next-auth answers a thrown error by an empty session and by taking the cookie away.
        if (!person) throw new Error('The session has ended.');
        return { ...session, user: person };
      },
      redirect: ({ url, baseUrl }) => ownAddress(url, baseUrl),
    },
    events: {
      async signOut({ token }) {
        const claims = claimsOf(token);
        if (claims) await verbs.signOut(claims);
      },
    },
    logger: {
      error: (code, metadata) => {
        if (code === 'JWT_SESSION_ERROR') return;
        verbs.log('error', code, metadata instanceof Error ? metadata.message : '');
      },
      warn: (code) => verbs.log('warn', code, ''),
      debug: () => {},
    },
  };
}
