import { describe, expect, it } from 'vitest';
import { appleError, json, settle, withApple } from './fake-apple';

const html = (status: number) => new Response('<html><title>Blocked</title>', { status });

describe('an answer that is not Apple’s', () => {
  it.each<[string, () => Response]>([
    ['an HTML 403', () => html(403)],
    ['an empty 403', () => new Response('', { status: 403 })],
    ['a 403 in another JSON', () => json({ message: 'Forbidden' }, 403)],
    ['a 403 whose errors are texts', () => json({ errors: ['blocked by policy'] }, 403)],
    ['a 403 whose errors are another API’s', () => json({ errors: [{ code: 1020, message: 'No' }] }, 403)],
    ['an HTML 401', () => html(401)],
    ['an HTML 404', () => html(404)],
    ['an HTML 400', () => html(400)],
    ['an HTML 409', () => html(409)],
    ['a proxy’s 407', () => html(407)],
    ['an HTML 502', () => html(502)],
    ['an empty 503', () => new Response('', { status: 503 })],
    ['a sign-in page with 200', () => html(200)],
  ])('%s is told as such, with status and host, and nothing is said of the key', async (_name, answer) => {
    const { client, clock } = withApple(answer);
    const result = await settle(client.list('apps'), clock, 60_000);
    const { status } = answer();
    expect(result).toMatchObject({
      reason: { kind: 'intermediary', status, method: 'GET', path: '/v1/apps' },
    });
    const { message } = (result as PromiseRejectedResult).reason as Error;
    expect(message).toContain(`answered ${status} in place of apple.test`);
    expect(message).not.toMatch(/\bkey\b|role/);
  });

  it.each([
    ['an HTML 403', () => html(403), 'outcome_unknown'],
    ['an HTML 502', () => html(502), 'outcome_unknown'],
    ['a sign-in page with 200', () => html(200), 'outcome_unknown'],
    ['a proxy’s 407, which passed nothing on', () => html(407), 'intermediary'],
    ['a redirect', () => new Response('', { status: 302 }), 'intermediary'],
  ])('to a POST, %s: %s', async (_name, answer, kind) => {
    const { client, clock, requests } = withApple(answer);
    const post = client.addLinkage('betaGroups', '1', 'betaTesters', ['2']);
    expect(await settle(post, clock, 60_000)).toMatchObject({ reason: { kind } });
    expect(requests).toHaveLength(1);
  });

  it('is gone with the next good answer', async () => {
    const { client, clock } = withApple((_request, nth) => (nth === 1 ? html(403) : json({ data: [] })));
    expect(await settle(client.list('apps'), clock, 60_000)).toMatchObject({ status: 'fulfilled' });
  });
});

it('tells every error of an answer, associated ones included, once', async () => {
  const inner = { status: '409', code: 'A.B', title: 'Inner', detail: 'The locale is missing.' };
  const { client, clock } = withApple(() =>
    json(
      {
        errors: [
          { status: '409', code: 'A', title: 'One', detail: 'The name is taken.' },
          { status: '409', code: 'B', title: 'Two', detail: 'The limit is reached.' },
          {
            status: '409',
            code: 'B',
            title: 'Two',
            detail: 'The limit is reached.',
            meta: { associatedErrors: { x: [inner] } },
          },
        ],
      },
      409,
    ),
  );
  const result = await settle(client.update('betaGroups', '1', { attributes: { name: 'x' } }), clock, 1_000);
  expect(result).toMatchObject({
    reason: {
      message: 'One The name is taken. Two The limit is reached. Inner The locale is missing.',
    },
  });
});

it('Apple’s own refusal stays Apple’s', async () => {
  const { client } = withApple(() => appleError(403, 'FORBIDDEN_ERROR', 'Role too low.'));
  await expect(client.list('users')).rejects.toMatchObject({ kind: 'forbidden' });
});
