import { describe, expect, it } from 'vitest';
import { AscError, safePath } from '@/lib/asc/errors';
import { redact } from '@/lib/asc/redact';
import { mintToken } from '@/lib/asc/transport/token';
import { appleError, CREDENTIAL, errorOf, json, settle, withApple } from './fake-apple';

describe('an error', () => {
  it('keeps Apple’s errors with pointers and associated errors, and the request id', async () => {
    const inner = {
      id: 'i',
      status: '409',
      code: 'ENTITY_ERROR.ATTRIBUTE.REQUIRED',
      title: 'T',
      detail: 'D',
    };
    const outer = {
      id: 'o',
      status: 409,
      code: 'STATE_ERROR.ENTITY_STATE_INVALID',
      title: 'Not ready.',
      detail: 'See associated errors.',
      source: { pointer: '/data/attributes/name' },
      meta: { associatedErrors: { '/v1/betaAppLocalizations/1': [inner] } },
    };
    const { client } = withApple(() => json({ errors: [outer] }, 409, { 'x-apple-request-uuid': 'uuid-1' }));
    const error = await errorOf(client.update('betaGroups', '1', { attributes: { name: 'x' } }));
    if (!(error instanceof AscError)) throw error;
    expect(error).toMatchObject({
      kind: 'conflict',
      status: 409,
      method: 'PATCH',
      path: '/v1/betaGroups/1',
      requestId: 'uuid-1',
      code: 'STATE_ERROR.ENTITY_STATE_INVALID',
      errors: [
        {
          id: 'o',
          status: '409',
          source: { pointer: '/data/attributes/name' },
          associatedErrors: { '/v1/betaAppLocalizations/1': [inner] },
        },
      ],
    });
    expect(error.hasCode('ENTITY_ERROR.ATTRIBUTE')).toBe(true);
    expect(error.hasCode('ENTITY_ERROR.ATTR')).toBe(false);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ kind: 'conflict', requestId: 'uuid-1' });
  });

  it.each([
    [400, 'PARAMETER_ERROR.ILLEGAL', 'invalid_request'],
    [401, 'NOT_AUTHORIZED', 'unauthorized'],
    [403, 'FORBIDDEN_ERROR', 'forbidden'],
    [404, 'NOT_FOUND', 'not_found'],
    [405, 'METHOD_NOT_ALLOWED', 'invalid_request'],
    [409, 'ENTITY_ERROR.ATTRIBUTE.INVALID', 'conflict'],
    [410, '', 'not_found'],
    [422, 'ENTITY_UNPROCESSABLE', 'unprocessable'],
  ])('of status %i %s is %s', async (status, code, kind) => {
    const { client, clock } = withApple(() => appleError(status, code));
    expect(await settle(client.list('apps'), clock, 5_000)).toMatchObject({ reason: { kind, status } });
  });

  it('copes with bodies that are no error documents', async () => {
    for (const body of ['', 'Not acceptable', '{"errors":"x"}', '{"errors":[null,1,{"detail":7}]}', 'null']) {
      const { client } = withApple(() => new Response(body, { status: 406 }));
      expect(await errorOf(client.list('apps'))).toMatchObject({ kind: 'invalid_request', status: 406 });
    }
  });

  it('hides what people typed into filters', () => {
    expect(safePath('/v1/betaTesters?filter%5Bemail%5D=a%40b.c&sort=email&cursor=x')).toBe(
      '/v1/betaTesters?filter%5Bemail%5D=…&sort=email&cursor=…',
    );
  });
});

describe('secrets', () => {
  it('are cut out of any text', async () => {
    const token = await mintToken(CREDENTIAL, Date.now());
    const bareKey = CREDENTIAL.privateKey.replace(/-----[^-]+-----|\s/g, '');
    const text = `a ${token} b Bearer ${token} c ${CREDENTIAL.privateKey} d ${bareKey} e`;
    const shown = redact(text);
    for (const secret of [token, bareKey, CREDENTIAL.privateKey.slice(40, 80)]) {
      expect(shown).not.toContain(secret);
    }
    expect(shown).toMatch(/^a \[token\] b Bearer \[token\] c \[private key\]\s+d \[private key\] e$/);
  });

  it('do not reach an error, its cause, its JSON or the log, wherever Apple or the network repeats them', async () => {
    const lines: unknown[] = [];
    const log = {
      debug: (facts: object) => lines.push(facts),
      warn: (facts: object) => lines.push(facts),
    };
    let canary = '';
    const { client } = withApple(
      ({ token }, nth) => {
        canary = token;
        if (nth === 1) return appleError(409, 'X', `You sent ${token}`, `Bearer ${token}`);
        return Promise.reject(new Error(`connect failed: authorization: Bearer ${token}`));
      },
      { log },
    );
    const first = await errorOf(
      client.create('webhookPings', { relationships: { webhook: { data: { type: 'webhooks', id: '1' } } } }),
    );
    const second = await errorOf(
      client.delete('betaGroups', '1', { maxWaitMs: 0, signal: AbortSignal.timeout(50) }),
    );
    for (const error of [first, second]) {
      const everything = `${error.message} ${JSON.stringify(error)} ${error.stack} ${String(error.cause)}`;
      expect(everything).not.toContain(canary);
      expect(everything).not.toContain(canary.split('.')[2]);
    }
    expect(JSON.stringify(lines)).not.toContain(canary);
    expect(lines.length).toBeGreaterThan(1);
  });
});
