import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectLogs, takeInFeedback } from '@/lib/services/feedback/collect';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench;
/** Two crash issues of one app, and a report of the first. */
let first: { id: string; appId: string };
let second: { id: string };
let reportId: string;

beforeAll(async () => {
  bench = await apiBench();
  const ctx = bench.app.ctx({ kind: 'system', name: 'worker' }, 'test');
  await takeInFeedback(ctx, ACCOUNT);
  await collectLogs(ctx, ACCOUNT, new AbortController().signal);
  const rows = await bench.db.query<{ id: string; appId: string }>(
    `SELECT id, appId FROM issues WHERE kind = 'crash' AND appId =
      (SELECT appId FROM issues WHERE kind = 'crash' GROUP BY appId ORDER BY COUNT(*) DESC, appId LIMIT 1)
      ORDER BY reportCount DESC, id`,
  );
  [first, second] = rows as [typeof first, typeof second];
  const [report] = await bench.db.query<{ id: string }>(
    'SELECT MIN(id) AS id FROM feedback WHERE issueId = ?',
    [first.id],
  );
  reportId = report?.id ?? '';
}, 120_000);
afterAll(() => bench.close());

describe('the routes of feedback', () => {
  it('offer crash issues to choose one of, page by page', async () => {
    const path = `/api/issues/choices?filter[app]=${first.appId}&limit=1`;
    const { status, body } = await bench.call('GET', path, { as: 'viewer' });
    expect(status).toBe(200);
    expect(body.data).toHaveLength(1);
    expect(body.data[0].meta.seenIn.last).toHaveProperty('version');
    const next = await bench.call('GET', `${path}&cursor=${encodeURIComponent(body.meta.paging.nextCursor)}`);
    expect(next.body.data[0].id).not.toBe(body.data[0].id);
  });

  it('tell the ways into an issue by their calls', async () => {
    const { status, body } = await bench.call('GET', `/api/issues/${first.id}/variants`, { as: 'viewer' });
    expect(status).toBe(200);
    expect(body.data[0]).toMatchObject({ hash: expect.any(String), count: expect.any(Number) });
    expect(body.data[0].frames.length).toBeGreaterThan(0);
    expect((await bench.call('GET', '/api/issues/nothing/variants')).status).toBe(404);
  });

  it('merge, say so, and take it back', async () => {
    const body = { do: 'merge', into: first.id, target: { issues: [second.id] } };
    expect((await bench.call('POST', '/api/feedback/placing', { as: 'viewer', body })).status).toBe(403);
    const made = await bench.call('POST', '/api/feedback/placing', { as: 'triager', body });
    expect([made.status, made.body.data]).toMatchObject([200, { count: 1, issueId: first.id }]);
    const again = await bench.call('POST', '/api/feedback/placing', { as: 'triager', body });
    expect([again.status, again.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.MERGED']);
    // Its page is that of the one it went into.
    const page = await bench.call('GET', `/api/issues/${second.id}`);
    expect(page.body.data.figures.id).toBe(first.id);
    const history = await bench.call('GET', `/api/activity?issue=${first.id}`, { as: 'triager' });
    expect(JSON.stringify(history.body.data[0].sentence)).toContain('merged 1 crash issue into');
    const undone = await bench.call('POST', `/api/activity/${made.body.data.auditId}/undo`, {
      as: 'triager',
    });
    expect(undone.status).toBe(200);
    expect((await bench.call('GET', `/api/issues/${second.id}`)).body.data.figures.id).toBe(second.id);
  });

  it.each([
    [{ do: 'melt' }, '/do'],
    [{ do: 'merge', into: 'x' }, '/target'],
    [{ do: 'split', issueId: 'x', variants: [] }, '/variants'],
    [{ do: 'attach', issueId: 'x', target: { reports: [] } }, '/target'],
    [{ do: 'takeOut', target: { issues: ['x'] }, more: 1 }, '/'],
  ])('refuse %j, and say where', async (body, pointer) => {
    const answer = await bench.call('POST', '/api/feedback/placing', { as: 'triager', body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].source.pointer).toContain(pointer);
  });

  it('answer who stands beside a report that the list does not hold without a refusal', async () => {
    const path = `/api/lists/feedback/neighbours/${reportId}?filter[view]=resolved`;
    const { status, body } = await bench.call('GET', path);
    expect([status, body.data]).toEqual([200, null]);
  });
});
