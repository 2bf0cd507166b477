import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type CheckConfig, checkCredential } from '@/lib/asc/key';
import type { Credential } from '@/lib/asc/transport/token';
import { appleError, BASE_URL, CREDENTIAL, emptyList, json } from './fake-apple';

const NOW = Date.parse('2026-02-03T04:05:06Z');

function check(
  answer: (url: string, token: string) => Response | Promise<Response>,
  credential: Credential = CREDENTIAL,
  config: Partial<CheckConfig> = {},
) {
  return checkCredential(credential, {
    baseUrl: BASE_URL,
    clock: () => NOW,
    sleep: async () => undefined,
    fetch: async (url, init) => answer(url, init.headers.authorization ?? ''),
    ...config,
  });
}

const unauthorized = () => appleError(401, 'NOT_AUTHORIZED');
const never = () => {
  throw new Error('nothing may be asked');
};

describe('a key that is checked live', () => {
  it('works: how many apps it sees and what remains of the hour', async () => {
    const result = await check((url) =>
      url.includes('/v1/apps')
        ? json(
            { data: [{ type: 'apps', id: '1' }], links: {}, meta: { paging: { total: 7, limit: 1 } } },
            200,
            {
              'x-rate-limit': 'user-hour-lim:3500;user-hour-rem:3400;',
            },
          )
        : url.includes('/v1/users')
          ? appleError(403, 'FORBIDDEN_ERROR')
          : emptyList(),
    );
    expect(result).toEqual({ ok: true, apps: 7, remaining: 3400, missing: ['users'] });
  });

  it('is judged here first, without asking Apple', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const privateKey = rsa.export({ type: 'pkcs8', format: 'pem' }).toString();
    const cases: [Partial<Credential>, object][] = [
      [{ privateKey: 'nonsense' }, { problem: 'bad_pem', field: 'privateKey' }],
      [{ privateKey }, { problem: 'wrong_key_kind', field: 'privateKey' }],
      [{ keyId: 'abc' }, { problem: 'bad_key_id', field: 'keyId' }],
      [{ issuerId: 'abc' } as Partial<Credential>, { problem: 'bad_issuer_id', field: 'issuerId' }],
    ];
    for (const [change, expected] of cases) {
      expect(await check(never, { ...CREDENTIAL, ...change } as Credential)).toMatchObject({
        ok: false,
        ...expected,
      });
    }
  });

  it.each<[string, (url: string) => Response | Promise<Response>, object]>([
    ['an unknown key or issuer', unauthorized, { problem: 'not_accepted', field: 'issuerId' }],
    ['a role too low', () => appleError(403, 'FORBIDDEN_ERROR', 'Not you.'), { problem: 'role_too_low' }],
    [
      'a role that sees apps but no TestFlight',
      (url) => (url.includes('/v1/apps') ? emptyList() : appleError(403, 'FORBIDDEN_ERROR')),
      { problem: 'role_too_low' },
    ],
    [
      'a missing agreement',
      () => appleError(403, 'FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED'),
      { problem: 'agreement_missing' },
    ],
    [
      'a wrong clock',
      () =>
        json({ errors: [{ status: '401', code: 'NOT_AUTHORIZED' }] }, 401, {
          date: new Date(NOW - 300_000).toUTCString(),
        }),
      { problem: 'clock_skew' },
    ],
    [
      'nobody there',
      () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } })),
      { problem: 'unreachable' },
    ],
    ['no more requests', () => json({}, 429), { problem: 'rate_limited' }],
    ['a page that is not the API', () => new Response('<html>'), { problem: 'unreachable' }],
  ])('is told apart: %s', async (_name, answer, expected) => {
    const result = await check(answer);
    expect(result).toMatchObject({ ok: false, ...expected });
    if (!result.ok) expect(`${result.message}|${result.advice}`).toMatch(/^[A-Z].+[.]\|[A-Z].+[.]$/);
  });

  it('that worked before was revoked', async () => {
    expect(await check(unauthorized, CREDENTIAL, { workedBefore: true })).toMatchObject({
      problem: 'revoked',
    });
    const told = () => appleError(403, 'FORBIDDEN_ERROR', 'The API key in use has been revoked');
    expect(await check(told)).toMatchObject({ problem: 'revoked' });
  });

  it('is recognised as an individual key given with an issuer', async () => {
    const result = await check((_url, token) => {
      const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
      return claims.includes('"sub":"user"') ? emptyList() : unauthorized();
    });
    expect(result).toMatchObject({ ok: false, problem: 'is_individual_key', field: 'issuerId' });
  });
});
