import { answerAuth } from '@/lib/access/auth-adapter';
import { type AuthVerbs, authOptions } from '@/lib/access/auth-options';
import { deviceCookie } from '@/lib/access/device';
import { callerAddress } from '@/lib/access/login-limit';
import { actorOfSession } from '@/lib/access/sessions';
import { RefusedError } from '@/lib/services/errors';
import { signIn, signOut } from '@/lib/services/sign-in';
import { readText } from '../core/body';
import { type PublicCall, publicEndpoint } from '../core/endpoint';

/** Sign-in forms are short, bytes. */
const FORM_LIMIT = 16 * 1024;

/** next-auth's routes behind the same wrapper as all others. */
export const authRoute = publicEndpoint({ name: 'auth', run: (call) => authenticate(call) });

async function authenticate({ app, request, params, requestId }: PublicCall): Promise<Response> {
  if (app.env.NEXTAUTH_SECRET === '') {
    throw new RefusedError({
      status: 503,
      code: 'FLIGHTDECK.CONFIG',
      title: 'Not configured',
      detail: 'NEXTAUTH_SECRET is missing, so nobody can sign in.',
    });
  }
  // next-auth reads the canonical address from the environment and nowhere else.
  process.env.NEXTAUTH_URL ??= app.env.NEXTAUTH_URL;
  const { db, clock, log, env } = app;
  const sessionCtx = { db, clock, log, env, requestId };
  let retryAt: number | undefined;
  let failure: unknown;
  let signedIn: string | undefined;
  const verbs: AuthVerbs = {
    async signIn(credentials) {
      const result = await signIn(sessionCtx, {
        ...credentials,
        address: callerAddress(request.headers, app.env.TRUST_PROXY),
        userAgent: request.headers.get('user-agent'),
        cookies: request.headers.get('cookie'),
      }).catch((error: unknown) => {
        // next-auth would put the message into an address; the wrapper knows better.
        failure = error;
        throw new Error('Unavailable');
      });
      if (result.outcome === 'limited') {
        retryAt = result.retryAt;
        throw new Error('TooManyAttempts');
      }
      if (result.outcome === 'refused') return null;
      const { id, email, name } = result.user;
      signedIn = id;
      return { id, email, name, claims: result.claims };
    },
    signOut: (claims) => signOut(sessionCtx, claims),
    async personOf(claims) {
      const actor = await actorOfSession(db, claims, clock.now());
      return actor && { name: actor.name, email: actor.email, role: actor.role };
    },
    log: (level, code, detail) => log[level]({ requestId, code, detail }, 'next-auth'),
  };
  const body = request.method === 'POST' ? await readText(request, FORM_LIMIT) : undefined;
  const plain = new Request(request.url, {
    method: request.method,
    headers: request.headers,
    ...(body === undefined ? {} : { body }),
  });
  const segments = (params.nextauth ?? '').split('/').filter((segment) => segment !== '');
  const response = await answerAuth(plain, segments, authOptions(app.env, verbs), app.env.NEXTAUTH_URL);
  if (failure !== undefined) throw failure;
  const headers = new Headers(response.headers);
  if (signedIn !== undefined) headers.append('Set-Cookie', deviceCookie(env, signedIn, clock.now()));
  if (retryAt === undefined) return new Response(response.body, { status: response.status, headers });
  headers.set('Retry-After', String(Math.max(1, Math.ceil((retryAt - clock.now()) / 1000))));
  return new Response(response.body, { status: response.status === 401 ? 429 : response.status, headers });
}
