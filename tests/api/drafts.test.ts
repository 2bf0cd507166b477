import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '@/tests/factories/clock';
import { type ApiBench, apiBench } from '@/tests/factories/context';

const DAY = 24 * 3_600_000;
let bench: ApiBench;
let clock: ReturnType<typeof manualClock>;
beforeEach(async () => {
  clock = manualClock();
  bench = await apiBench({ isMirrored: false, clock });
});
afterEach(() => bench.close());

type As = Parameters<ApiBench['call']>[2];
const keep = (key: string, value: unknown, as?: As) =>
  bench.call('PUT', '/api/drafts', { ...as, body: { key, value } });
const read = async (key: string, as?: As) =>
  (await bench.call('GET', `/api/drafts?key=${encodeURIComponent(key)}`, as)).body.data;

describe('drafts', () => {
  it('come back as they were kept, the newest in the place of the one before, until they are dropped', async () => {
    expect(await read('group/new/1')).toBeNull();
    await keep('group/new/1', { name: 'Hack' });
    await clock.advance(60_000);
    const kept = await keep('group/new/1', { name: 'Hackathon', feedback: true });
    expect(kept.status).toBe(200);
    const draft = await read('group/new/1');
    expect(draft).toEqual(kept.body.data);
    expect(draft.value).toEqual({ name: 'Hackathon', feedback: true });
    expect((await bench.call('DELETE', '/api/drafts', { body: { key: 'group/new/1' } })).status).toBe(200);
    expect(await read('group/new/1')).toBeNull();
  });

  it('are one person’s own, whatever the role', async () => {
    await keep('note/1/2', 'mine', { as: 'viewer' });
    expect(await read('note/1/2', { as: 'admin' })).toBeNull();
    await keep('note/1/2', 'theirs', { as: 'admin' });
    await bench.call('DELETE', '/api/drafts', { as: 'admin', body: { key: 'note/1/2' } });
    expect((await read('note/1/2', { as: 'viewer' })).value).toBe('mine');
    expect((await bench.call('GET', '/api/drafts?key=note/1/2', { as: null })).status).toBe(401);
    expect((await keep('note/1/2', 'x', { as: null })).status).toBe(401);
  });

  it('are forgotten after thirty days, and the oldest of more than sixty', async () => {
    await keep('note/old', 'old');
    await bench.db.write([{ sql: 'UPDATE drafts SET updatedAt = ?', params: [clock.now() - 30 * DAY] }]);
    expect(await read('note/old')).toBeNull();
    for (let index = 0; index < 62; index += 1) {
      await clock.advance(1000);
      await keep(`note/${index}`, String(index));
    }
    const left = await bench.db.query<{ key: string }>('SELECT key FROM drafts ORDER BY updatedAt');
    expect([left.length, left[0]?.key, left.at(-1)?.key]).toEqual([60, 'note/2', 'note/61']);
  });

  it('never hold a password or a private key, nor more than they may', async () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nMIG…\n-----END PRIVATE KEY-----';
    for (const value of [
      { privateKey: 'x' },
      { form: [{ newPassword: 'four tepid walrus lamps' }] },
      { webhook: { secret: 's' } },
      { text: pem },
      pem,
    ]) {
      const refused = await keep('key/new', value);
      expect([refused.status, refused.body.errors[0].code]).toEqual([422, 'FLIGHTDECK.DRAFT_SECRET']);
    }
    expect((await keep('note/long', 'x'.repeat(256 * 1024))).status).toBe(413);
    expect((await keep('../etc', 'x')).status).toBe(400);
    expect((await bench.call('GET', '/api/drafts')).status).toBe(400);
    expect(await bench.db.query('SELECT * FROM drafts')).toEqual([]);
  });
});
