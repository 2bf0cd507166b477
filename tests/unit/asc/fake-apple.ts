import { generateKeyPairSync } from 'node:crypto';
import { type AscClientConfig, createAscClient } from '@/lib/asc/client';
import { createRateBudget } from '@/lib/asc/transport/budget';
import type { Credential } from '@/lib/asc/transport/token';
import type { AscFetchInit } from '@/lib/asc/transport/types';
import { type ManualClock, manualClock } from '../../factories/clock';

export const BASE_URL = 'https://apple.test';

export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export const CREDENTIAL: Credential = {
  kind: 'team',
  issuerId: '57246542-96fe-1a63-e053-0824d011072a',
  keyId: 'ABC123DEFG',
  privateKey: newPrivateKey(),
};

export interface SeenRequest extends AscFetchInit {
  readonly url: string;
  readonly at: number;
  readonly token: string;
}

export type Answerer = (request: SeenRequest, nth: number) => Response | Promise<Response>;

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

export function appleError(status: number, code: string, detail = 'Because.', title = 'No.'): Response {
  return json({ errors: [{ id: 'e1', status: String(status), code, title, detail }] }, status, {
    'x-apple-request-uuid': 'request-1',
  });
}

export function emptyList(headers: Record<string, string> = {}): Response {
  return json({ data: [], links: { self: `${BASE_URL}/v1/apps` } }, 200, headers);
}

/** A client whose Apple is a function and whose time is moved by hand. */
export function withApple(answer: Answerer, config: Partial<AscClientConfig> = {}) {
  const clock = manualClock();
  const requests: SeenRequest[] = [];
  const surroundings = {
    clock: clock.now,
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal),
    random: () => 0.5,
  };
  const client = createAscClient({
    baseUrl: BASE_URL,
    credential: CREDENTIAL,
    ...surroundings,
    budget: createRateBudget(surroundings),
    fetch: async (url, init) => {
      const token = (init.headers.authorization ?? '').replace('Bearer ', '');
      const seen = { ...init, url, at: clock.now(), token };
      requests.push(seen);
      return answer(seen, requests.length);
    },
    ...config,
  });
  return { client, clock, requests };
}

/**
 * The outcome of a promise while time is moved on its behalf, by `ms` in all. Time waits for real work (signing a token
 * runs on another thread) and moves only from sleeper to sleeper.
 */
export async function settle<T>(
  promise: Promise<T>,
  clock: ManualClock,
  ms = 0,
): Promise<PromiseSettledResult<T>> {
  const end = clock.now() + ms;
  const state = { isOver: false };
  const settled = Promise.allSettled([promise]).finally(() => {
    state.isOver = true;
  });
  while (!state.isOver) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const next = clock.sleepers()[0];
    if (state.isOver || (next !== undefined && next > end)) break;
    if (next !== undefined) await clock.advance(Math.max(0, next - clock.now()));
  }
  await clock.advance(Math.max(0, end - clock.now()));
  const [result] = await settled;
  return result;
}

/** The error a promise rejects with; fails when it does not. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('expected a rejection');
}
