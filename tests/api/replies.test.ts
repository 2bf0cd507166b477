import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeInFeedback } from '@/lib/services/feedback/collect';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';

const ADDRESS = 'quokka.vexillum@example.com';
let bench: ApiBench;
let reportId: string;
let issueId: string;
beforeAll(async () => {
  bench = await apiBench();
  await takeInFeedback(bench.app.ctx({ kind: 'system', name: 'worker' }, 'test'), ACCOUNT);
  const [row] = await bench.db.query<{ id: string; issueId: string }>(
    'SELECT id, issueId FROM feedback WHERE testerId IS NOT NULL ORDER BY id LIMIT 1',
  );
  reportId = row?.id ?? '';
  issueId = row?.issueId ?? '';
  await bench.db.write([
    { sql: 'UPDATE feedback SET email = ? WHERE id = ?', params: [ADDRESS, reportId] },
    { sql: `UPDATE betaTesters SET email = ?, firstName = 'Ada', lastName = 'L'`, params: [ADDRESS] },
  ]);
}, 120_000);
afterAll(() => bench.close());

const BODY = { name: 'Thanks', subject: 'About {app}', body: 'Hi {tester first name}, on {device}.' };

describe('saved replies', () => {
  it('are kept by who triages, as they were seen, and told in the trail', async () => {
    expect((await bench.call('GET', '/api/replies', { as: 'viewer' })).status).toBe(403);
    const made = await bench.call('POST', '/api/replies', { as: 'triager', body: BODY });
    expect(made.status).toBe(201);
    const path = `/api/replies/${made.body.data.id}`;
    const changed = { ...BODY, body: 'Hello {tester}', version: 1 };
    expect((await bench.call('PUT', path, { as: 'triager', body: changed })).status).toBe(200);
    expect((await bench.call('PUT', path, { as: 'triager', body: changed })).status).toBe(409);
    expect((await bench.call('GET', '/api/replies')).body.data).toMatchObject([
      { name: 'Thanks', body: 'Hello {tester}', version: 2 },
    ]);
    expect((await bench.call('DELETE', path, { as: 'triager' })).status).toBe(204);
    expect((await bench.call('DELETE', path, { as: 'triager' })).status).toBe(404);
  });

  it.each([
    [{ ...BODY, name: ' ' }, '/name'],
    [{ ...BODY, body: 'Hi {nobody}' }, '/body'],
    [{ ...BODY, subject: '{}' }, '/subject'],
    [{ ...BODY, body: ' \n ' }, '/body'],
  ])('refuse %j, and say where', async (body, pointer) => {
    const answer = await bench.call('POST', '/api/replies', { as: 'triager', body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].source.pointer).toContain(pointer);
  });
});

describe('an answer to a tester', () => {
  it('has an address for those who may see it, and for nobody else', async () => {
    const path = `/api/feedback/${reportId}/reply`;
    const viewer = await bench.call('GET', path, { as: 'viewer' });
    expect([viewer.status, viewer.text.includes(ADDRESS)]).toEqual([403, false]);
    expect((await bench.call('POST', path, { as: 'viewer', body: { replyId: null } })).status).toBe(403);
    const { body } = await bench.call('GET', path, { as: 'triager' });
    expect(body.data).toMatchObject({
      address: ADDRESS,
      values: { 'tester first name': 'Ada', tester: 'Ada L', app: expect.stringMatching(/\w/) },
    });
    expect((await bench.call('GET', '/api/feedback/nothing/reply', { as: 'triager' })).status).toBe(404);
  });

  it('says so where App Store Connect tells none', async () => {
    await bench.db.write([
      { sql: 'UPDATE feedback SET email = NULL', params: [] },
      { sql: `UPDATE betaTesters SET email = NULL, firstName = 'Anonymous', lastName = NULL`, params: [] },
    ]);
    const { body } = await bench.call('GET', `/api/feedback/${reportId}/reply`, { as: 'triager' });
    expect(body.data).toMatchObject({ address: null, values: { 'tester first name': 'there' } });
  });

  it('is noted in the history as opened, without the address', async () => {
    const path = `/api/feedback/${reportId}/reply`;
    expect((await bench.call('POST', path, { as: 'triager', body: { replyId: null } })).status).toBe(204);
    const history = await bench.call('GET', `/api/activity?issue=${issueId}`, { as: 'triager' });
    expect(JSON.stringify(history.body.data[0].sentence)).toContain(
      'opened a reply to the tester in a mail program',
    );
    expect(history.text).not.toContain(ADDRESS);
  });
});
