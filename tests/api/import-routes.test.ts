import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as failed from '@/app/api/jobs/[id]/failed.csv/route';
import * as items from '@/app/api/jobs/[id]/items/route';
import * as job from '@/app/api/jobs/[id]/route';
import * as jobs from '@/app/api/jobs/route';
import * as bulk from '@/app/api/people/bulk/route';
import * as exported from '@/app/api/people/export/route';
import * as preview from '@/app/api/people/import/preview/route';
import * as start from '@/app/api/people/import/route';
import * as prune from '@/app/api/people/prune/route';
import * as restorePreview from '@/app/api/people/restore/preview/route';
import * as restore from '@/app/api/people/restore/route';
import type { Role } from '@/lib/access/policy';
import { systemClock } from '@/lib/clock';
import type { RouteHandler } from '@/lib/http/core/endpoint';
import { type ApiBench, apiBench, ORIGIN } from '@/tests/factories/context';

let bench: ApiBench;
/** How far the clock has been moved on, ms. */
let later = 0;
let app: string;
let group: string;
beforeAll(async () => {
  bench = await apiBench({ clock: { ...systemClock, now: () => systemClock.now() + later } });
  const [row] = await bench.db.query<{ id: string; appId: string }>(
    'SELECT id, appId FROM betaGroups WHERE isInternalGroup = 0 ORDER BY id LIMIT 1',
  );
  app = row?.appId ?? '';
  group = row?.id ?? '';
});
afterAll(() => bench.close());

interface Given {
  method?: string;
  as?: Role | null;
  body?: string | Uint8Array<ArrayBuffer>;
  type?: string;
  params?: Record<string, string>;
}
async function call(handler: RouteHandler, path: string, given: Given = {}) {
  const { method = 'GET', as = 'manager', body, type = 'text/csv', params = {} } = given;
  const headers = new Headers({
    origin: ORIGIN,
    host: new URL(ORIGIN).host,
    'sec-fetch-site': 'same-origin',
  });
  if (as) headers.set('cookie', bench.cookies[as]);
  if (body !== undefined) headers.set('content-type', type);
  const request = new Request(`${ORIGIN}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return handler(request, { params: Promise.resolve(params) });
}
const options = () => `options=${encodeURIComponent(JSON.stringify({ appId: app, groupIds: [group] }))}`;
const FILE = 'First Name,Last Name,Email\nAnn,Lee,ann-new@example.com\nBad,Mail,bad＠example.com\n';

describe('an import over HTTP', () => {
  it('is previewed without a request to Apple, started, listed, paused, and its failures are a file', async () => {
    bench.upstream();
    const seen = await call(preview.POST, `/api/people/import/preview?${options()}`, {
      method: 'POST',
      body: FILE,
    });
    expect(seen.status).toBe(200);
    const { data } = await seen.json();
    expect(data).toMatchObject({ counts: { invite: 1, invalid: 1 }, hasHeader: true, mapping: { email: 2 } });
    expect(bench.upstream()).toBe(0);

    const started = await call(start.POST, `/api/people/import?${options()}`, { method: 'POST', body: FILE });
    expect(started.status).toBe(201);
    const id: string = (await started.json()).data.jobId;
    const list = await (await call(jobs.GET, '/api/jobs?status=queued,running&limit=20')).json();
    expect(list).toMatchObject({
      data: [{ id, createdBy: expect.stringContaining('@') }],
      meta: { total: 1 },
    });
    const rows = await (await call(items.GET, `/api/jobs/${id}/items?limit=1`, { params: { id } })).json();
    expect(rows).toMatchObject({
      data: [{ label: 'ann-new@example.com', status: 'pending' }],
      meta: { paging: { nextCursor: '0' } },
    });
    const next = await (
      await call(items.GET, `/api/jobs/${id}/items?limit=1&cursor=0`, { params: { id } })
    ).json();
    expect(next.data[0]).toMatchObject({ status: 'failed', errorCode: 'FLIGHTDECK.EMAIL.LOOK_ALIKE' });
    const patch = { method: 'PATCH', params: { id }, type: 'application/json' };
    const paused = await call(job.PATCH, `/api/jobs/${id}`, { ...patch, body: '{"action":"pause"}' });
    expect((await paused.json()).data).toMatchObject({ status: 'paused', actions: ['resume', 'cancel'] });
    const again = await call(job.PATCH, `/api/jobs/${id}`, { ...patch, body: '{"action":"pause"}' });
    expect(again.status).toBe(409);
    const file = await call(failed.GET, `/api/jobs/${id}/failed.csv`, { params: { id } });
    expect(file.headers.get('content-disposition')).toContain('attachment');
    expect(await file.text()).toContain('3,Bad,Mail,bad＠example.com,,FLIGHTDECK.EMAIL.LOOK_ALIKE');
  });

  it('is read once into a draft whose rows are paged, and started by it once, by its maker alone', async () => {
    const lines = Array.from({ length: 6 }, (_, n) => `Eva,Draft,eva-${n}@example.com`);
    const file = ['First Name,Last Name,Email', ...lines, 'Bad,Mail,bad＠example.com'].join('\n');
    const seen = await call(preview.POST, `/api/people/import/preview?${options()}&limit=2`, {
      method: 'POST',
      body: file,
    });
    const { data } = await seen.json();
    expect(data).toMatchObject({ total: 7, counts: { invite: 6, invalid: 1 } });
    expect(data.rows).toHaveLength(2);
    const page = async (query: string, as: Role = 'manager') => {
      const path = `/api/people/import/preview?draft=${data.draft}${query}`;
      const answer = await call(preview.GET, path, { as });
      return { status: answer.status, ...(await answer.json()) };
    };
    const emailsOf = ({ data: { rows } }: { data: { rows: { email: string }[] } }) =>
      rows.map(({ email }) => email);
    expect((await page('&limit=2')).data.rows).toEqual(data.rows);
    expect(emailsOf(await page('&offset=4&limit=2'))).toEqual(['eva-4@example.com', 'eva-5@example.com']);
    expect(emailsOf(await page('&outcome=invalid'))).toEqual(['bad＠example.com']);
    expect(emailsOf(await page('&outcome=invite&offset=5'))).toEqual(['eva-5@example.com']);
    expect((await page('&outcome=nothing')).status).toBe(400);
    // Nobody else sees it, and no list of jobs shows it.
    expect((await page('', 'admin')).status).toBe(404);
    expect((await page('', 'viewer')).status).toBe(403);
    const one = await call(job.GET, `/api/jobs/${data.draft}`, { params: { id: data.draft } });
    expect(one.status).toBe(404);
    const go = (as: Role = 'manager') =>
      call(start.POST, `/api/people/import?draft=${data.draft}`, { method: 'POST', as });
    expect((await go('admin')).status).toBe(404);
    const [first, second] = await Promise.all([go(), go()]);
    expect([first.status, second.status].sort()).toEqual([201, 404]);
    const refused = first.status === 404 ? first : second;
    expect((await refused.json()).errors[0].code).toBe('FLIGHTDECK.IMPORT.GONE');
    const rows = await call(items.GET, `/api/jobs/${data.draft}/items?limit=20`, {
      params: { id: data.draft },
    });
    const shown: { label: string; status: string; result: unknown }[] = (await rows.json()).data;
    expect(shown.map(({ status }) => status)).toEqual([...Array(6).fill('pending'), 'failed']);
    // What was shown of the rows is forgotten: an item holds what a job holds.
    expect(shown.map(({ result }) => result)).toEqual(Array(7).fill(null));
    expect((await page('')).status).toBe(404);
  });

  it('gives up the oldest of many drafts, and refuses it so that the file is chosen again', async () => {
    const draftOf = async (name: string) => {
      const body = `Email\n${name}@example.com`;
      const answer = await call(preview.POST, `/api/people/import/preview?${options()}`, {
        method: 'POST',
        body,
      });
      later += 1000;
      return (await answer.json()).data.draft as string;
    };
    const drafts: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) drafts.push(await draftOf(`draft-${name}`));
    const read = (id: string) => call(preview.GET, `/api/people/import/preview?draft=${id}`);
    const answers = await Promise.all(drafts.map(read));
    expect(answers.map(({ status }) => status)).toEqual([404, 200, 200, 200, 200, 200]);
    const gone = await call(start.POST, `/api/people/import?draft=${drafts[0]}`, { method: 'POST' });
    expect((await gone.json()).errors[0]).toMatchObject({
      code: 'FLIGHTDECK.IMPORT.GONE',
      detail: expect.stringContaining('Choose the file again'),
    });
  });

  it('refuses a file that is too large before reading it all, and options that are wrong', async () => {
    const big = new Uint8Array(11 * 1024 * 1024).fill(97);
    const large = await call(start.POST, `/api/people/import?${options()}`, { method: 'POST', body: big });
    expect([large.status, (await large.json()).errors[0].code]).toEqual([413, 'FLIGHTDECK.FILE.TOO_LARGE']);
    const wrong = await call(start.POST, '/api/people/import?options=%7B', { method: 'POST', body: FILE });
    expect(wrong.status).toBe(400);
    const extra = encodeURIComponent(JSON.stringify({ appId: app, evil: 1 }));
    const unknown = await call(start.POST, `/api/people/import?options=${extra}`, {
      method: 'POST',
      body: FILE,
    });
    expect(unknown.status).toBe(400);
  });
});

it.each<[string, RouteHandler, string, Given]>([
  ['jobs', jobs.GET, '/api/jobs', {}],
  ['bulk', bulk.POST, '/api/people/bulk', { method: 'POST', body: '{}', type: 'application/json' }],
  ['import', start.POST, '/api/people/import', { method: 'POST', body: FILE }],
  ['prune', prune.POST, '/api/people/prune', { method: 'POST', body: '{}', type: 'application/json' }],
  ['restore', restore.POST, '/api/people/restore', { method: 'POST', body: '{}', type: 'application/json' }],
  [
    'restore preview',
    restorePreview.POST,
    '/api/people/restore/preview',
    { method: 'POST', body: '{}', type: 'application/json' },
  ],
  ['export', exported.GET, '/api/people/export?type=betaTesters', {}],
])('%s is for people who are signed in and may', async (_name, handler, path, given) => {
  expect((await call(handler, path, { ...given, as: null })).status).toBe(401);
  expect((await call(handler, path, { ...given, as: 'viewer' })).status).toBe(403);
});

it('an export streams with its name, and refuses an unknown type', async () => {
  const path = `/api/people/export?type=betaTesters&filter[apps]=${app}`;
  const [row] = await bench.db.query<{ n: number }>('SELECT count(*) AS n FROM betaTesters WHERE appId = ?', [
    app,
  ]);
  for (const typed of ['', '&confirm=1', '&confirm=yes']) {
    const refused = await call(exported.GET, `${path}${typed}`);
    expect(refused.status).toBe(409);
    expect(((await refused.json()) as { errors: unknown[] }).errors[0]).toMatchObject({
      code: 'FLIGHTDECK.CONFIRM',
      source: { parameter: 'confirm' },
      meta: { expected: row?.n },
    });
  }
  const file = await call(exported.GET, `${path}&confirm=${row?.n}`);
  expect(file.status).toBe(200);
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(file.headers.get('cache-control')).toBe('no-store');
  expect((await file.text()).split('\r\n').length).toBeGreaterThan(10);
  expect((await call(exported.GET, '/api/people/export?type=users')).status).toBe(400);
  expect((await call(exported.GET, '/api/people/export?type=betaTesters&format=xlsx')).status).toBe(400);
});
