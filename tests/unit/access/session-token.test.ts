import { afterEach, expect, it, vi } from 'vitest';
import { readSessionToken, sessionToken } from '@/lib/access/session-token';
import { SESSION_MAX_MS } from '@/lib/access/sessions';

const ENV = { NEXTAUTH_URL: 'http://127.0.0.1:3000', NEXTAUTH_SECRET: 'a secret of some length' };
const CLAIMS = { sessionId: 's', userId: 'u', tokenVersion: 3 };

afterEach(() => void vi.useRealTimers());

it('says the same of a token that was read before', async () => {
  const token = await sessionToken(ENV, CLAIMS);
  expect(await readSessionToken(ENV, token)).toEqual(CLAIMS);
  expect(await readSessionToken(ENV, token)).toEqual(CLAIMS);
});

it('takes a token that was read before neither after its end, nor changed, nor under another secret', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const token = await sessionToken(ENV, CLAIMS);
  expect(await readSessionToken(ENV, token)).toEqual(CLAIMS);
  expect(await readSessionToken({ ...ENV, NEXTAUTH_SECRET: 'another secret' }, token)).toBeNull();
  expect(await readSessionToken({ ...ENV, NEXTAUTH_SECRET: '' }, token)).toBeNull();
  const middle = Math.floor(token.length / 2);
  const changed = token.slice(0, middle) + (token[middle] === 'a' ? 'b' : 'a') + token.slice(middle + 1);
  expect(await readSessionToken(ENV, changed)).toBeNull();
  vi.setSystemTime(Date.now() + SESSION_MAX_MS + 60_000);
  expect(await readSessionToken(ENV, token)).toBeNull();
});
