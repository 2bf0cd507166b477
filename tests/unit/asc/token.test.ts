import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { createTokenSource, mintToken, readPrivateKey } from '@/lib/asc/transport/token';
import { manualClock } from '../../factories/clock';
import { CREDENTIAL, errorOf } from './fake-apple';

const MINUTE = 60_000;

describe('tokens', () => {
  it('are signed ES256 with the documented header and claims and span at most 16 minutes', async () => {
    const now = Date.parse('2026-02-03T04:05:06Z');
    const token = await mintToken(CREDENTIAL, now);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', kid: 'ABC123DEFG', typ: 'JWT' });
    const { payload } = await jwtVerify(token, createPublicKey(CREDENTIAL.privateKey), {
      audience: 'appstoreconnect-v1',
      currentDate: new Date(now),
    });
    expect(payload).toEqual({
      iss: '57246542-96fe-1a63-e053-0824d011072a',
      aud: 'appstoreconnect-v1',
      iat: now / 1000 - 60,
      exp: now / 1000 + 900,
    });
  });

  it('name the user instead of an issuer for individual keys, and carry a scope', async () => {
    const { keyId, privateKey } = CREDENTIAL;
    const token = await mintToken({ kind: 'individual', keyId, privateKey }, 0, ['GET /v1/apps']);
    const payload = decodeJwt(token);
    expect(payload.iss).toBeUndefined();
    expect(payload).toMatchObject({ sub: 'user', scope: ['GET /v1/apps'] });
  });

  it('are reused until four fifths of their life are over, also by callers at the same moment', async () => {
    const clock = manualClock();
    const tokens = createTokenSource(CREDENTIAL, clock.now);
    const [first, same] = await Promise.all([tokens.current(), tokens.current()]);
    expect(same).toBe(first);
    await clock.advance(12 * MINUTE - 1);
    expect(await tokens.current()).toBe(first);
    await clock.advance(1);
    expect(await tokens.current()).not.toBe(first);
  });

  it('are signed anew when the present one is discarded, but not for an older one', async () => {
    const tokens = createTokenSource(CREDENTIAL, () => 0);
    const first = await tokens.current();
    tokens.discard(first);
    const second = await tokens.current();
    tokens.discard(first);
    expect(await tokens.current()).toBe(second);
  });

  it('say in plain words what is wrong with a key', async () => {
    expect(() => readPrivateKey('not a key')).toThrow(/Paste the whole \.p8 file/);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const rsaPem = rsa.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => readPrivateKey(rsaPem)).toThrow(/P-256/);
    const wrongCurve = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    const wrongPem = wrongCurve.export({ type: 'pkcs8', format: 'pem' }).toString();
    const error = await errorOf(mintToken({ ...CREDENTIAL, privateKey: wrongPem }, 0));
    expect(error).toMatchObject({ kind: 'bad_credential' });
    expect(JSON.stringify(error)).not.toContain('PRIVATE KEY-----');
  });

  it('accept a key pasted with blanks around it and other line ends', () => {
    const pasted = `\r\n  ${CREDENTIAL.privateKey.replaceAll('\n', '\r\n')}  `;
    expect(readPrivateKey(pasted).asymmetricKeyType).toBe('ec');
  });
});
