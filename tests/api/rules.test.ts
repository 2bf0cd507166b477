import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectLogs, takeInFeedback } from '@/lib/services/feedback/collect';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench;
beforeAll(async () => {
  bench = await apiBench();
  const ctx = bench.app.ctx({ kind: 'system', name: 'worker' }, 'test');
  await takeInFeedback(ctx, ACCOUNT);
  await collectLogs(ctx, ACCOUNT, new AbortController().signal);
  await takeInFeedback(ctx, ACCOUNT);
}, 120_000);
afterAll(() => bench.close());

const NOTHING = { app: null, label: null, frame: null, assigneeId: null, priority: null, addLabel: null };

describe('rules', () => {
  it('are read by managers and changed by admins', async () => {
    const body = { ...NOTHING, name: 'Rule', addLabel: 'ours' };
    for (const as of ['viewer', 'triager'] as const)
      expect((await bench.call('GET', '/api/rules', { as })).status).toBe(403);
    expect((await bench.call('POST', '/api/rules', { as: 'manager', body })).status).toBe(403);
    expect((await bench.call('GET', '/api/rules/matches', { as: 'triager' })).status).toBe(403);
    const { status, body: made } = await bench.call('POST', '/api/rules', { body });
    expect(status).toBe(201);
    const { id } = made.data;
    expect((await bench.call('GET', '/api/rules', { as: 'manager' })).body.data).toMatchObject([
      { id, name: 'Rule', addLabel: 'ours', version: 1 },
    ]);
    expect((await bench.call('PUT', `/api/rules/${id}`, { body })).status).toBe(400);
    const changed = { ...body, name: 'Other', version: 1 };
    expect((await bench.call('PUT', `/api/rules/${id}`, { body: changed })).status).toBe(200);
    const again = await bench.call('PUT', `/api/rules/${id}`, { body: changed });
    expect([again.status, again.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.STALE']);
    const order = { ids: [id], seen: [id, 'x'] };
    expect((await bench.call('PUT', '/api/rules', { body: order })).status).toBe(409);
    expect((await bench.call('DELETE', `/api/rules/${id}`, { as: 'manager' })).status).toBe(403);
    expect((await bench.call('DELETE', `/api/rules/${id}`)).status).toBe(204);
    const history = await bench.call('GET', '/api/activity?about=feedback', { as: 'triager' });
    const said = JSON.stringify(history.body.data.map(({ sentence }: { sentence: unknown }) => sentence));
    for (const words of ['created a rule', 'deleted the rule']) expect(said).toContain(words);
  });

  it('stay with an app that is gone when something else is changed', async () => {
    const [app] = await bench.db.query<{ id: string }>('SELECT id FROM apps');
    const body = { ...NOTHING, name: 'Of one app', addLabel: 'ours' };
    const made = await bench.call('POST', '/api/rules', { body: { ...body, app: { appId: app?.id } } });
    expect(made.status).toBe(201);
    await bench.db.write([{ sql: 'UPDATE triageRules SET appId = ?', params: ['gone'] }]);
    const listed = async () => (await bench.call('GET', '/api/rules')).body.data[0];
    const { app: of, version } = await listed();
    expect(of).toMatchObject({ appId: 'gone', name: 'An app that is gone' });
    const put = (appId: string) =>
      bench.call('PUT', `/api/rules/${made.body.data.id}`, {
        body: { ...body, name: 'Renamed', version, app: { appId, accountId: of.accountId } },
      });
    expect((await put('never-was')).status).toBe(404);
    expect((await put('gone')).status).toBe(200);
    expect(await listed()).toMatchObject({ name: 'Renamed', app: { appId: 'gone' } });
    expect((await bench.call('DELETE', `/api/rules/${made.body.data.id}`)).status).toBe(204);
  });

  it.each([
    [{ ...NOTHING, name: 'Does nothing' }, '/assigneeId'],
    [{ ...NOTHING, name: '', addLabel: 'x' }, '/name'],
    [{ ...NOTHING, name: 'x', addLabel: 'a,b' }, '/addLabel'],
    [{ ...NOTHING, name: 'x', addLabel: 'x', frame: ' ' }, '/frame'],
    [{ ...NOTHING, name: 'x', priority: 9 }, '/priority'],
    [{ ...NOTHING, name: 'x', assigneeId: 'nobody' }, '/assigneeId'],
  ])('refuse %j, and say where', async (body, pointer) => {
    const answer = await bench.call('POST', '/api/rules', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].source.pointer).toContain(pointer);
  });

  it('know the calls of real logs, count what they match, and do it for who may decide', async () => {
    const rows = await bench.db.query<{ frames: string; feedbackId: string }>(
      'SELECT frames, feedbackId FROM crashFrames ORDER BY feedbackId',
    );
    const row = rows.find(({ frames }) => /^[^\t]/.test(frames));
    const [name = ''] = (row?.frames ?? '').split('\t');
    expect(name).not.toBe('');
    const body = { ...NOTHING, name: 'By a call', frame: name, assigneeId: bench.users.triager.id };
    const { id } = (await bench.call('POST', '/api/rules', { body })).body.data;
    const [match] = (await bench.call('GET', '/api/rules/matches', { as: 'manager' })).body.data;
    expect(match).toMatchObject({ id });
    expect(match.matching).toBeGreaterThan(0);
    const apply = (as: 'triager' | 'manager', version: number) =>
      bench.call('POST', `/api/rules/${id}/apply`, { as, body: { version } });
    expect((await apply('triager', 1)).status).toBe(403);
    expect((await apply('manager', 2)).status).toBe(409);
    const done = await apply('manager', 1);
    expect(done.body.data).toMatchObject({ count: match.matching, changed: match.changing });
    const [issue] = await bench.db.query<{ assigneeId: string; number: number }>(
      'SELECT assigneeId, number FROM issues WHERE id = (SELECT issueId FROM feedback WHERE id = ?)',
      [row?.feedbackId ?? ''],
    );
    expect(issue?.assigneeId).toBe(bench.users.triager.id);
    const { body: found } = await bench.call('GET', `/api/search?q=%23${issue?.number}`, { as: 'viewer' });
    expect(found.data.issues[0].label).toMatch(new RegExp(`^#${issue?.number} `));
  });
});
