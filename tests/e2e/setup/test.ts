import { type BrowserContext, test as base, request } from '@playwright/test';
import { isLoopback } from '@/lib/env';
import type { Engine } from './database';
import { type Running, startFlightdeck } from './flightdeck';

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

/** Without a browser or a Flightdeck of its own: a test of processes starts them itself. */
export const bare = base.extend<object, { engine: Engine }>({
  engine: ['sqlite', { option: true, scope: 'worker' }],
});

/**
 * `page` is signed in as the administrator of this worker's own Flightdeck. For a page without a session:
 * `test.use({ storageState: { cookies: [], origins: [] } })`.
 */
export const test = bare.extend<
  { staysHome: undefined },
  { flightdeck: Running; session: StorageState; instance: string }
>({
  // A file that leaves something behind, as a limit that is remembered, takes one of its own by another name.
  instance: ['shared', { option: true, scope: 'worker' }],
  flightdeck: [
    async ({ instance: _, engine }, use) => {
      const { running, stop } = await startFlightdeck({ engine });
      await use(running);
      await stop();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  session: [
    async ({ flightdeck }, use) => {
      await use(await signIn(flightdeck));
    },
    { scope: 'worker' },
  ],
  baseURL: ({ flightdeck }, use) => use(flightdeck.url),
  storageState: ({ session }, use) => use(session),
  staysHome: [
    async ({ context }, use) => {
      const abroad: string[] = [];
      context.on('request', (sent) => {
        const { protocol, hostname } = new URL(sent.url());
        if (protocol.startsWith('http') && !isLoopback(hostname)) abroad.push(sent.url());
      });
      await use(undefined);
      if (abroad.length > 0) throw new Error(`The page asked other machines: ${abroad.join(', ')}`);
    },
    { auto: true },
  ],
});

export { expect } from '@playwright/test';

/** Signs in as the form does, without the form. */
async function signIn({ url, email, password }: Running): Promise<StorageState> {
  const api = await request.newContext({ baseURL: url, extraHTTPHeaders: { origin: url } });
  const { csrfToken } = (await (await api.get('/api/auth/csrf')).json()) as { csrfToken: string };
  const answer = await api.post('/api/auth/callback/credentials', {
    form: { csrfToken, email, password, json: 'true', callbackUrl: url },
  });
  if (!answer.ok()) throw new Error(`Signing in failed: ${answer.status()} ${await answer.text()}`);
  const state = await api.storageState();
  await api.dispose();
  return state;
}
