import { isFirstRun } from '@/lib/access/first-run';
import { setUp, setupBody } from '@/lib/services/setup';
import { publicEndpoint } from '../core/endpoint';
import { sessionCookie } from '../core/session-cookie';

/** Whether Flightdeck waits for its first admin. */
export const setupState = publicEndpoint({
  name: 'setup',
  run: async ({ app }) => ({ body: { data: { isFirstRun: await isFirstRun(app.db) } } }),
});

/** Creates the first admin for whoever holds the one-time token, and signs them in. */
export const setupAdmin = publicEndpoint({
  name: 'setup',
  body: setupBody,
  async run({ app, request, requestId, body }) {
    const { db, clock, env } = app;
    const claims = await setUp({ db, clock, requestId }, body, request.headers.get('user-agent'));
    return {
      status: 201,
      body: { data: { isFirstRun: false } },
      headers: { 'Set-Cookie': await sessionCookie(env, claims) },
    };
  },
});
