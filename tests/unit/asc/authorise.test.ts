import { describe, expect, it } from 'vitest';
import { appleError, emptyList, errorOf, json, settle, withApple } from './fake-apple';

const refused = () => appleError(401, 'NOT_AUTHORIZED', 'Provide a properly signed token.');
const dated = (offsetMs: number, now: number, status: number) =>
  json({ errors: [] }, status, { date: new Date(now - offsetMs).toUTCString() });

describe('401', () => {
  it('signs anew once and goes on', async () => {
    const { client, requests } = withApple((_request, nth) => (nth === 1 ? refused() : emptyList()));
    await client.list('apps');
    expect(requests).toHaveLength(2);
    expect(requests[1]?.token).not.toBe(requests[0]?.token);
  });

  it('is not believed before the third, with growing pauses and a new token each, and then told in Apple’s words', async () => {
    const { client, clock, requests } = withApple(refused);
    const result = await settle(client.list('apps'), clock, 5_000);
    expect(result).toMatchObject({ reason: { kind: 'unauthorized', status: 401 } });
    expect(new Set(requests.map(({ token }) => token)).size).toBe(3);
    const [first, second, third] = requests.map(({ at }) => at);
    expect([(second ?? 0) - (first ?? 0), (third ?? 0) - (second ?? 0)]).toEqual([0, 2_000]);
  });

  it.each([1, 2])('at random %i times harms nobody (R26)', async (times) => {
    const { client, clock, requests } = withApple((_request, nth) =>
      nth <= times ? refused() : emptyList(),
    );
    expect(await settle(client.list('apps'), clock, 5_000)).toMatchObject({ status: 'fulfilled' });
    expect(requests).toHaveLength(times + 1);
    await client.list('apps');
  });

  it('of one request, while others are accepted, is not the key’s fault: a failure that passes', async () => {
    const { client, clock } = withApple(({ url }) => (url.includes('/users') ? refused() : emptyList()));
    const users = settle(client.list('users'), clock, 60_000);
    const others = setInterval(() => void client.list('apps').catch(() => undefined), 1);
    const result = await users;
    clearInterval(others);
    expect(result).toMatchObject({ reason: { kind: 'server', status: 401 } });
    await client.list('apps');
  });

  it('of a key that was refused shortly before is believed at once', async () => {
    const { client, clock, requests } = withApple(refused);
    await settle(client.list('apps'), clock, 40_000);
    const before = requests.length;
    expect(await errorOf(client.list('apps'))).toMatchObject({ kind: 'unauthorized' });
    expect(requests.length - before).toBe(1);
  });

  it('signs anew once for many requests refused together', async () => {
    const stale = new Set<string>();
    const { client, requests } = withApple((request, nth) => {
      if (nth <= 6) stale.add(request.token);
      return stale.has(request.token) ? refused() : emptyList();
    });
    await Promise.all(Array.from({ length: 6 }, () => client.list('apps')));
    expect(new Set(requests.map(({ token }) => token)).size).toBe(2);
  });

  it('makes at most two further calls when the key is revoked in mid-sync (R11)', async () => {
    let isRevoked = false;
    const { client, clock, requests } = withApple(() => (isRevoked ? refused() : emptyList()), {
      lane: 'sync',
    });
    await client.list('apps');
    isRevoked = true;
    const before = requests.length + 1;
    await settle(client.list('apps'), clock, 3_000);
    for (let i = 0; i < 40; i++) {
      expect(await errorOf(client.list('apps'))).toMatchObject({ kind: 'unauthorized' });
    }
    expect(requests.length - before).toBeLessThanOrEqual(2);
    isRevoked = false;
    await clock.advance(31_000);
    await client.list('apps');
  });

  it('with six requests in flight only one tries the new token', async () => {
    const { client, clock, requests } = withApple(refused, { lane: 'sync' });
    const all = Promise.allSettled(Array.from({ length: 30 }, () => client.list('apps')));
    const results = await settle(all, clock, 5_000);
    expect(results).toMatchObject({ value: Array(30).fill({ status: 'rejected' }) });
    expect(requests.length).toBeLessThanOrEqual(8);
  });

  it('also when Apple answers 403 for a revoked key', async () => {
    const { client } = withApple(() =>
      appleError(403, 'FORBIDDEN_ERROR', 'The API key in use has been revoked'),
    );
    expect(await errorOf(client.list('apps'))).toMatchObject({ kind: 'unauthorized', status: 403 });
  });
});

describe('403', () => {
  it('for a missing agreement has its own kind and no storm (R12)', async () => {
    const { client, requests } = withApple(() =>
      appleError(403, 'FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED', 'Sign the agreement.'),
    );
    for (let i = 0; i < 20; i++) {
      expect(await errorOf(client.list('apps'))).toMatchObject({ kind: 'agreement_missing' });
    }
    expect(requests).toHaveLength(1);
  });

  it.each([
    [
      'FORBIDDEN_ERROR',
      "The resource 'betaLicenseAgreements' does not allow 'UPDATE'. Allowed operation is: GET",
    ],
    ['FORBIDDEN_ERROR', 'The API key in use does not allow this request on betaLicenseAgreement'],
    ['FORBIDDEN_ERROR', 'You cannot change the license agreement of this app with your role.'],
    [
      'FORBIDDEN_ERROR',
      "The app 'A required agreement is missing or has expired' cannot be read with this role.",
    ],
    ['FORBIDDEN_ERROR', 'The group “Membership has expired” cannot be changed.'],
    ['FORBIDDEN.GROUP_MEMBERSHIP', 'The membership of this tester in the group cannot be changed.'],
    ['FORBIDDEN_ERROR', 'The invitation of this tester was revoked.'],
    ['FORBIDDEN_ERROR', "The resource 'betaTesters' with the state 'REVOKED' does not allow 'CREATE'"],
    ['FORBIDDEN_ERROR', "The group 'Key holders' is of a tester who was revoked."],
  ])('%s “%s” concerns that request alone', async (code, detail) => {
    const { client, requests } = withApple(({ url }) =>
      url.includes('/users') ? appleError(403, code, detail) : emptyList(),
    );
    expect(await errorOf(client.list('users'))).toMatchObject({ kind: 'forbidden', status: 403 });
    expect((await client.list('apps')).status).toBe(200);
    expect(requests).toHaveLength(2);
  });

  it.each([
    ['REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED', 'No words that help.'],
    ['FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED.PAID', 'No words that help.'],
    ['FORBIDDEN.PROGRAM_MEMBERSHIP_EXPIRED', 'No words that help.'],
    [
      'FORBIDDEN',
      "You currently don't have access to this resource. To resolve this issue, the Account Holder must agree to the latest Program License Agreement in their account on the Apple Developer website.",
    ],
    [
      'FORBIDDEN_ERROR',
      "You currently don't have access to this membership resource. To resolve this issue, your team's Account Holder must agree to the latest Program License Agreement.",
    ],
    [
      'FORBIDDEN_ERROR',
      'This request requires an in-effect agreement that has not been signed or has expired.',
    ],
    ['FORBIDDEN_ERROR', 'Your Apple Developer Program membership has expired.'],
  ])('%s “%s” is a missing agreement', async (code, detail) => {
    const { client } = withApple(() => appleError(403, code, detail));
    expect(await errorOf(client.list('apps'))).toMatchObject({ kind: 'agreement_missing' });
  });

  it('for a role too low is not held against other requests', async () => {
    const { client, requests } = withApple(({ url }) =>
      url.includes('/users') ? appleError(403, 'FORBIDDEN_ERROR', 'Role too low.') : emptyList(),
    );
    expect(await errorOf(client.list('users'))).toMatchObject({
      kind: 'forbidden',
      message: 'No. Role too low.',
    });
    await client.list('apps');
    expect(requests).toHaveLength(2);
  });
});

describe('a wrong clock (R10)', () => {
  it('is named as such, from the Date header, when five minutes off', async () => {
    const { client, clock } = withApple(() => dated(5 * 60_000, clock.now(), 401));
    const error = await errorOf(client.list('apps'));
    expect(error).toMatchObject({ kind: 'clock_skew', skewMs: 300_000 });
    expect(error.message).toBe(
      "This server's clock is 300 seconds ahead of Apple's, so its tokens are refused. Set the clock.",
    );
  });

  it('is not blamed when it is half a minute off', async () => {
    const { client, clock } = withApple(() => dated(30_000, clock.now(), 401));
    const result = await settle(client.list('apps'), clock, 5_000);
    expect(result).toMatchObject({ reason: { kind: 'unauthorized' } });
  });

  it('does not matter while tokens are accepted', async () => {
    const { client } = withApple(() => emptyList({ date: 'Mon, 02 Feb 2026 00:00:00 GMT' }));
    expect((await client.list('apps')).status).toBe(200);
  });
});
