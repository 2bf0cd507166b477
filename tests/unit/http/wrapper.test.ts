import { describe, expect, it } from 'vitest';
import { parseCookies } from '@/lib/access/cookies';
import { ForbiddenError } from '@/lib/access/policy';
import { AscError, type AscErrorKind } from '@/lib/asc/errors';
import { errorResponse } from '@/lib/http/core/answer';
import { shown } from '@/lib/http/core/errors';
import { isOwnHost, isOwnOrigin } from '@/lib/http/core/origin';
import { contentSecurityPolicy, securityHeaders } from '@/lib/http/core/security-headers';
import { DatabaseUnavailableError } from '@/lib/store/database';

const request = (headers: Record<string, string>, method = 'POST') =>
  new Request('https://beta.example.com/api/x', { method, headers });

describe('the origin of a change', () => {
  const canonical = 'https://beta.example.com';
  const cases: readonly (readonly [Record<string, string>, boolean])[] = [
    [{ origin: canonical, 'sec-fetch-site': 'same-origin' }, true],
    [{ origin: canonical }, true],
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{}, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ 'sec-fetch-site': 'same-site', origin: canonical }, false],
    [{ origin: 'http://beta.example.com' }, false],
    [{ origin: 'https://beta.example.com.evil.example' }, false],
    [{ origin: 'http://localhost:3000', host: 'localhost:3000' }, false],
    [{ origin: 'null' }, false],
  ];
  it.each(cases)('%j is ours: %s', (headers, isOurs) =>
    expect(isOwnOrigin(request(headers), canonical)).toBe(isOurs),
  );

  it('does not matter for reads', () => expect(isOwnOrigin(request({}, 'GET'), canonical)).toBe(true));

  it('may be any name of this machine while the canonical one is', () => {
    const local = 'http://127.0.0.1:3000';
    const from = (origin: string, host: string) => isOwnOrigin(request({ origin, host }), local);
    expect(from('http://localhost:3000', 'localhost:3000')).toBe(true);
    expect(from('http://localhost:4000', 'localhost:3000')).toBe(false);
    expect(from('http://evil.example:3000', 'evil.example:3000')).toBe(false);
  });

  it('hangs on the host, too', () => {
    const host = (name: string) => isOwnHost(request({ host: name }), canonical);
    expect([host('beta.example.com'), host('beta.example.com:444'), host('evil.example')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('failures', () => {
  const statuses: Record<AscErrorKind, number> = {
    unauthorized: 502,
    bad_credential: 502,
    clock_skew: 502,
    intermediary: 502,
    forbidden: 403,
    agreement_missing: 403,
    not_found: 404,
    conflict: 409,
    unprocessable: 422,
    invalid_request: 400,
    rate_limited: 429,
    server: 502,
    network: 503,
    timeout: 504,
    aborted: 499,
    malformed_response: 502,
    too_large: 502,
    foreign_host: 502,
    pagination_loop: 502,
    breaker_open: 503,
    outcome_unknown: 504,
  };
  it.each(Object.entries(statuses))('%s of Apple’s is %i', (kind, status) => {
    expect(shown(new AscError({ kind: kind as AscErrorKind, message: 'm' }), 0).status).toBe(status);
  });

  it('keep Apple’s errors as they came, beside an id of ours', async () => {
    const error = new AscError({
      kind: 'conflict',
      message: 'm',
      requestId: 'APPLE-1',
      errors: [
        {
          id: 'e1',
          status: '409',
          code: 'A.B',
          title: 't',
          detail: 'd',
          source: { pointer: '/data' },
          associatedErrors: { '/v1/x': [{ code: 'C' }] },
        },
      ],
    });
    const answer = errorResponse(shown(error, 0), 'request-1', 0);
    expect(await answer.json()).toEqual({
      errors: [
        {
          id: expect.stringMatching(/^[\w-]{36}$/),
          status: '409',
          code: 'A.B',
          title: 't',
          detail: 'd',
          source: { pointer: '/data' },
          associatedErrors: { '/v1/x': [{ code: 'C' }] },
          meta: {
            apple: true,
            kind: 'conflict',
            appleRequestId: 'APPLE-1',
            appleErrorId: 'e1',
            requestId: 'request-1',
          },
        },
      ],
    });
  });

  it('say when to try again', () => {
    const full = errorResponse(shown(new DatabaseUnavailableError('full', null), 1000), 'r', 1000);
    expect([full.status, full.headers.get('retry-after'), full.headers.get('cache-control')]).toEqual([
      503,
      '5',
      'no-store',
    ]);
    const limited = new AscError({ kind: 'rate_limited', message: 'm', retryAt: 91_000 });
    expect(errorResponse(shown(limited, 1000), 'r', 1000).headers.get('retry-after')).toBe('90');
  });

  it('tell nothing of the inside', () => {
    for (const error of [
      new Error('SELECT * FROM users at /srv/app.ts'),
      'text',
      null,
      new TypeError('x is not a function'),
    ]) {
      const failure = shown(error, 0);
      expect([failure.status, failure.isFault]).toEqual([500, true]);
      expect(JSON.stringify(failure.problems)).not.toMatch(/SELECT|srv|function|text/);
    }
    expect(shown(new ForbiddenError('team:write'), 0).problems[0]).toMatchObject({
      status: 403,
      detail: 'This needs the role admin or higher.',
    });
  });
});

it('reads cookies like a browser wrote them, the first of a name', () => {
  expect(parseCookies('a=1; b=x=y; a=2;c=%20 ; d; =e')).toEqual({ a: '1', b: 'x=y', c: ' ' });
  expect(parseCookies('a=%E0%A4%A')).toEqual({ a: '%E0%A4%A' });
  expect(parseCookies(null)).toEqual({});
});

it('lets only scripts with the nonce run, and nobody frame a page', () => {
  const policy = contentSecurityPolicy({ isSecure: true, isDevelopment: false });
  const scripts = policy.split('; ').find((one) => one.startsWith('script-src'));
  expect(scripts).toMatch(/^script-src 'self' 'nonce-[\w+/=]{20,}' 'strict-dynamic'$/);
  for (const part of ["frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"])
    expect(policy).toContain(part);
  const names = (isSecure: boolean) => securityHeaders({ isSecure }).map(([name]) => name);
  expect(names(true)).toContain('Strict-Transport-Security');
  expect(names(false)).not.toContain('Strict-Transport-Security');
  expect(names(false)).toEqual(
    expect.arrayContaining(['X-Content-Type-Options', 'Referrer-Policy', 'Cross-Origin-Opener-Policy']),
  );
});
