import { createInflateRaw } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '@/lib/clock';
import { archivePictures } from '@/lib/services/feedback/archive-lane';
import { collectLogs, takeInFeedback } from '@/lib/services/feedback/collect';
import { ACCOUNT, type ApiBench, apiBench, ORIGIN } from '@/tests/factories/context';
import { dispatch } from '@/tests/factories/routes';

const SECRET = 'quokka.vexillum@example.com';
const LASTS_MS = 30 * 60_000;
let bench: ApiBench;
let ahead = 0;
let reports: { id: string; type: string; issueId: string; appId: string }[];

beforeAll(async () => {
  bench = await apiBench({ clock: { ...systemClock, now: () => Date.now() + ahead } });
  const ctx = bench.app.ctx({ kind: 'system', name: 'worker' }, 'test');
  await takeInFeedback(ctx, ACCOUNT);
  await collectLogs(ctx, ACCOUNT, new AbortController().signal);
  await archivePictures(ctx, new AbortController().signal);
  await bench.db.write([
    {
      sql: 'UPDATE feedback SET comment = ?, email = ?',
      params: [`=cmd|' /C calc'! write to ${SECRET}`, SECRET],
    },
  ]);
  reports = await bench.db.query(
    'SELECT id, type, issueId, appId FROM feedback ORDER BY createdDate DESC, id',
  );
});
afterAll(() => bench.close());

const prepare = (body: object, as: 'viewer' | 'triager' | 'manager' | 'admin' = 'manager') =>
  bench.call('POST', '/api/feedback/export', { as, body });
const download = async (id: string, as: 'manager' | 'admin' = 'manager') => {
  const request = new Request(`${ORIGIN}/api/feedback/export/${id}`, {
    headers: { cookie: bench.cookies[as] },
  });
  const response = await dispatch(request);
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
};
const exported = async (target: object, format: string, count: number) => {
  const { status, body } = await prepare({ target, format, confirm: count });
  expect([status, body.data?.count]).toEqual([201, count]);
  return download(body.data.id);
};

describe('an export of reports', () => {
  it('is for managers, of what exists, with the number typed', async () => {
    const target = { reports: [{ id: reports[0]?.id ?? '' }] };
    for (const as of ['viewer', 'triager'] as const)
      expect((await prepare({ target, format: 'csv', confirm: 1 }, as)).status).toBe(403);
    const asked = await prepare({ target, format: 'csv' });
    expect([asked.status, asked.body.errors[0].code, asked.body.errors[0].meta.expected]).toEqual([
      ...[409, 'FLIGHTDECK.CONFIRM', 1],
    ]);
    expect((await prepare({ target: { reports: [{ id: 'nobody' }] }, format: 'csv' })).status).toBe(404);
    expect((await prepare({ target, format: 'pdf', confirm: 1 })).status).toBe(400);
    expect((await download('unknown')).status).toBe(404);
  });

  it('as CSV holds no formula, and stands in the trail with its number', async () => {
    const chosen = reports.slice(0, 3);
    const file = await exported({ reports: chosen.map(({ id }) => ({ id })) }, 'csv', 3);
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const text = file.bytes.toString();
    expect(text.startsWith('\ufeffNumber,Received,Kind')).toBe(true);
    expect(text).toContain("'=cmd|' /C calc'! write to");
    expect(text.match(new RegExp(SECRET, 'g'))?.length).toBeGreaterThan(2);
    for (const { id } of chosen) expect(text).toContain(id);
    const [app] = await bench.db.query<{ name: string }>('SELECT name FROM apps WHERE id = ?', [
      chosen[0]?.appId ?? '',
    ]);
    expect(text.split('\r\n')[1]?.split(',')).toContain(app?.name ?? 'no app');
    expect((await bench.call('GET', '/api/activity')).text).toContain('exported 3 reports as CSV');
  });

  it('takes all that a list matches but some, and all reports of issues', async () => {
    const [first] = reports;
    const query = `filter[view]=all&filter[not.row]=${ACCOUNT}~${first?.appId}~${first?.id}`;
    const everything = await exported({ matching: { type: 'feedback', query } }, 'json', reports.length - 1);
    const ids = JSON.parse(everything.bytes.toString()).map(({ id }: { id: string }) => id);
    expect([ids.length, ids.includes(first?.id)]).toEqual([reports.length - 1, false]);
    const issueId = first?.issueId ?? '';
    const ofIssue = reports.filter((report) => report.issueId === issueId);
    const file = await exported({ issues: [issueId] }, 'json', ofIssue.length);
    expect(
      JSON.parse(file.bytes.toString())
        .map(({ id }: { id: string }) => id)
        .sort(),
    ).toEqual(ofIssue.map(({ id }) => id).sort());
  });

  it('as a zip brings logs and pictures under names of nobody', async () => {
    const crash = reports.find(({ type }) => type === 'betaFeedbackCrashSubmissions');
    const shot = reports.find(({ type }) => type === 'betaFeedbackScreenshotSubmissions');
    const target = { reports: [{ id: crash?.id ?? '' }, { id: shot?.id ?? '' }] };
    const { bytes, headers } = await exported(target, 'zip', 2);
    expect(headers.get('content-type')).toBe('application/zip');
    const files = await unzip(bytes);
    const names = [...files.keys()];
    expect(names.slice(0, 2)).toEqual(['reports.csv', 'reports.json']);
    expect(names.filter((name) => /^logs\/0000\d\.ips$/.test(name))).toHaveLength(1);
    expect(names.some((name) => /^pictures\/0000\d-1\.png$/.test(name))).toBe(true);
    expect(JSON.parse(files.get('reports.json')?.toString() ?? '')).toHaveLength(2);
    const log = [...files].find(([name]) => name.startsWith('logs/'))?.[1].toString();
    expect(log).toContain('Incident Identifier');
    expect(names.join(' ')).not.toContain('@');
  });

  it('is one’s own and over after half an hour', async () => {
    const { body } = await prepare({
      target: { reports: [{ id: reports[0]?.id ?? '' }] },
      format: 'csv',
      confirm: 1,
    });
    expect((await download(body.data.id, 'admin')).status).toBe(404);
    ahead += LASTS_MS + 60_000;
    try {
      expect((await download(body.data.id)).status).toBe(404);
    } finally {
      ahead = 0;
    }
  });
});

it('deletes a report at Apple, and keeps it here, marked', async () => {
  const report = reports.at(-1);
  const address = `/api/v1/${report?.type}/${report?.id}`;
  expect((await bench.call('DELETE', address, { as: 'viewer' })).status).toBe(403);
  expect((await bench.call('DELETE', address, { as: 'triager' })).body.errors[0].meta.expected).toBe(
    'delete',
  );
  const headers = { 'flightdeck-confirm': 'delete' };
  expect((await bench.call('DELETE', address, { as: 'triager', headers })).status).toBeLessThan(300);
  const { status, body } = await bench.call('GET', `/api/feedback/${report?.id}`);
  expect([status, typeof body.data.report.attributes.goneAt]).toEqual([200, 'number']);
});

describe('a copy as Markdown', () => {
  it('is masked for viewers, and quotes what was said', async () => {
    const [report] = reports;
    const path = `/api/feedback/${report?.id}/markdown`;
    const plain = await bench.call('GET', path, { as: 'triager' });
    expect([plain.status, plain.headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8']);
    expect(plain.text).toContain('quokka.vexillum@\u200bexample.com');
    const masked = await bench.call('GET', path, { as: 'viewer' });
    expect(masked.text).not.toContain('vexillum');
    expect(masked.text).toContain(`${ORIGIN}/feedback/${report?.id}`);
    expect((await bench.call('GET', `${path}?stack=all`)).status).toBe(400);
    expect((await bench.call('GET', '/api/feedback/nobody/markdown')).status).toBe(404);
  });

  it('of a crash issue tells its first calls, or the whole thread', async () => {
    const [issue] = await bench.db.query<{ id: string }>(
      "SELECT id FROM issues WHERE kind = 'crash' AND mergedInto IS NULL ORDER BY reportCount DESC, id LIMIT 1",
    );
    const path = `/api/issues/${issue?.id}/markdown`;
    const top = await bench.call('GET', path, { as: 'viewer' });
    const thread = await bench.call('GET', `${path}?stack=thread`, { as: 'viewer' });
    expect([top.status, thread.status]).toEqual([200, 200]);
    expect(top.text).toContain('Crash issue');
    expect(thread.text.length).toBeGreaterThan(top.text.length);
  });
});

/** Files of a zip by its central directory. */
async function unzip(bytes: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  for (let at = bytes.readUInt32LE(end + 16); bytes.toString('latin1', at, at + 4) === 'PK\x01\x02'; ) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(from, from + size);
    files.set(
      bytes.toString('utf8', at + 46, at + 46 + name),
      method === 0 ? packed : await inflated(packed),
    );
    at += 46 + name + extra + comment;
  }
  return files;
}

async function inflated(packed: Buffer): Promise<Buffer> {
  const stream = createInflateRaw();
  stream.end(packed);
  const parts: Buffer[] = [];
  for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}
