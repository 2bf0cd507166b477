import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rulesStatement } from '@/lib/feedback/archive/settings';
import { readShared, readSharedDrawing } from '@/lib/http/routes/share-routes';
import { keepRule, verifyArchive } from '@/lib/services/feedback/archive';
import { archivePictures } from '@/lib/services/feedback/archive-lane';
import { takeInFeedback } from '@/lib/services/feedback/collect';
import { exportEntries } from '@/lib/services/hand-over/export-zip';
import { ACCOUNT, type ApiBench, apiBench, ORIGIN } from '@/tests/factories/context';
import { strictBucket } from '@/tests/factories/strict-bucket';

const never = new AbortController().signal;
let bench: ApiBench;
let reportId: string;
const worker = () => bench.app.ctx({ kind: 'system', name: 'worker' }, 'test');

async function begin(options: Parameters<typeof apiBench>[0] = {}) {
  bench = await apiBench({ seed: 5, ...options });
  await takeInFeedback(worker(), ACCOUNT);
  await archivePictures(worker(), never);
  const [row] = await bench.db.query<{ feedbackId: string }>(
    `SELECT feedbackId FROM feedbackPictures WHERE state = 'stored' AND position = 0 ORDER BY feedbackId LIMIT 1`,
  );
  reportId = row?.feedbackId ?? '';
}

const png = async (width = 40, height = 30) =>
  new Uint8Array(
    await sharp({ create: { width, height, channels: 3, background: '#c8102e' } })
      .png()
      .toBuffer(),
  );
const send = (body: Uint8Array, as: 'viewer' | 'triager' = 'triager', position = '0') =>
  bench.call('POST', `/api/feedback/${reportId}/pictures/${position}/drawings`, {
    as,
    body,
    headers: { 'content-type': 'application/octet-stream' },
  });
const shown = async () =>
  (await bench.call('GET', `/api/feedback/${reportId}`, { as: 'viewer' })).body.data.drawings;
const hashes = async () =>
  (await bench.db.query<{ hash: string }>('SELECT hash FROM feedbackDrawings ORDER BY id')).map(
    ({ hash }) => hash,
  );

const inFolder = () => {
  const folder = path.join(bench.db.folder, 'archive');
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.length > 60)
        .map((name) => name.replace('/', ''))
    : [];
};

describe('what is no drawing', () => {
  beforeAll(() => begin(), 120_000);
  afterAll(() => bench.close());

  it.each([
    ['no picture', async () => new TextEncoder().encode('<svg onload="alert(1)"/>'), 422],
    ['nothing', async () => new Uint8Array(), 422],
    [
      'another kind',
      async () =>
        new Uint8Array(
          await sharp(await png())
            .jpeg()
            .toBuffer(),
        ),
      422,
    ],
    ['half of one', async () => (await png()).slice(0, -6), 422],
    ['more than 9 MB', async () => new Uint8Array(9 * 1024 * 1024 + 1), 413],
    [
      'a bomb',
      async () => {
        const bytes = await png();
        new DataView(bytes.buffer).setUint32(16, 60_000);
        new DataView(bytes.buffer).setUint32(20, 60_000);
        return bytes;
      },
      422,
    ],
  ])('refuse %s, and keep nothing', async (_, bytes, status) => {
    const before = inFolder().length;
    expect((await send(await bytes())).status).toBe(status);
    expect((await send(await png(), 'triager', '7')).status).toBe(404);
    expect(await hashes()).toEqual([]);
    expect(inFolder()).toHaveLength(before);
  });
});

describe('drawings in the folder of the archive', () => {
  beforeEach(() => begin(), 120_000);
  afterEach(() => bench.close());

  it('are kept beside the original, told by whom, and deleted', async () => {
    expect((await send(await png(), 'viewer')).status).toBe(403);
    const before = await bench.call('GET', `/api/feedback/${reportId}/pictures/0`);
    const made = await send(await png());
    expect(made.status).toBe(201);
    // The same once more is another one: each is deleted by itself.
    expect((await send(await png())).status).toBe(201);
    const [one, other] = await hashes();
    expect(one).not.toBe(other);
    expect(await shown()).toMatchObject([
      { position: 0, width: 40, height: 30, by: expect.stringMatching(/\w/) },
      { position: 0 },
    ]);
    const { id } = made.body.data;
    const at = `/api/feedback/${reportId}/drawings/${id}`;
    const read = await bench.call('GET', at, { as: 'viewer' });
    expect([read.status, read.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect((await bench.call('GET', `/api/feedback/${reportId}/pictures/0`)).text).toBe(before.text);
    expect((await bench.call('DELETE', at, { as: 'viewer' })).status).toBe(403);
    expect((await bench.call('DELETE', at, { as: 'triager' })).status).toBe(204);
    expect((await bench.call('DELETE', at, { as: 'triager' })).status).toBe(404);
    expect((await bench.call('GET', at)).status).toBe(404);
    expect(await shown()).toHaveLength(1);
    const issue = await bench.db.query<{ issueId: string }>('SELECT issueId FROM feedback WHERE id = ?', [
      reportId,
    ]);
    const history = await bench.call('GET', `/api/activity?issue=${issue[0]?.issueId}`, { as: 'triager' });
    const said = JSON.stringify(history.body.data.map(({ sentence }: { sentence: unknown }) => sentence));
    for (const words of ['drew on a copy of a picture of', 'deleted a drawing on a picture of'])
      expect(said).toContain(words);
  });

  it('count in the quota', async () => {
    await bench.db.write([rulesStatement({ quotaBytes: 1, keepDays: null }, 0)]);
    const answer = await send(await png());
    expect([answer.status, answer.body.errors[0].detail]).toEqual([507, expect.stringContaining('quota')]);
  });

  it('outlive a clean-up while they are there, go with their picture, and are swept when deleted', async () => {
    const { id } = (await send(await png())).body.data;
    const [hash = ''] = await hashes();
    await archivePictures(worker(), never);
    await keepRule(worker(), never);
    expect(inFolder()).toContain(hash);
    expect(await verifyArchive(worker())).toMatchObject({ missing: [], damaged: [], orphans: [] });
    await bench.call('DELETE', `/api/feedback/${reportId}/drawings/${id}`);
    await keepRule(worker(), never);
    expect(inFolder()).not.toContain(hash);
    await send(await png());
    const rules = { quotaBytes: null, keepDays: 1 };
    expect((await bench.call('PATCH', '/api/archive', { body: rules })).status).toBe(200);
    await bench.db.write([
      { sql: `UPDATE feedback SET createdDate = '2020-01-01T00:00:00.000Z'`, params: [] },
      { sql: `UPDATE issues SET status = 'resolved'`, params: [] },
    ]);
    await keepRule(worker(), never);
    expect([await hashes(), inFolder()]).toEqual([[], []]);
  });

  it('go into the zip, and into a share link where pictures are', async () => {
    const { id } = (await send(await png())).body.data;
    const names: string[] = [];
    for await (const { name, parts } of exportEntries(worker(), [[ACCOUNT, reportId]])) {
      names.push(name);
      for await (const _ of parts);
    }
    expect(names).toContain('pictures/00001-1-drawn-1.png');
    const link = async (hasPictures: boolean) => {
      const body = { kind: 'report', id: reportId, days: 7, hasPictures };
      const { url } = (await bench.call('POST', '/api/shares', { as: 'manager', body })).body.data;
      return new URL(url).pathname.slice('/share/'.length);
    };
    const open = async (token: string) => {
      const page = await readShared(new Request(`${ORIGIN}/share/${token}`), {
        params: Promise.resolve({ token }),
      });
      const drawing = await readSharedDrawing(new Request(`${ORIGIN}/share/${token}/drawings/${id}`), {
        params: Promise.resolve({ token, drawing: id }),
      });
      return [(await page.text()).includes(`/drawings/${id}`), drawing.status];
    };
    expect(await open(await link(true))).toEqual([true, 200]);
    expect(await open(await link(false))).toEqual([false, 404]);
  });
});

it('are kept in the bucket where one is set', async () => {
  const bucket = await strictBucket();
  try {
    await begin({
      env: {
        ...{ ARCHIVE_S3_ENDPOINT: bucket.url, ARCHIVE_S3_BUCKET: 'pictures', ARCHIVE_S3_REGION: 'eu-test-1' },
        ...{ ARCHIVE_S3_ACCESS_KEY_ID: 'KEY', ARCHIVE_S3_SECRET_ACCESS_KEY: 'SECRET' },
      },
    });
    const made = await send(await png());
    expect(made.status).toBe(201);
    const [hash = ''] = await hashes();
    const [row] = await bench.db.query<{ place: string }>('SELECT place FROM archivedFiles WHERE hash = ?', [
      hash,
    ]);
    expect(row?.place).toBe('bucket');
    const read = await bench.call('GET', `/api/feedback/${reportId}/drawings/${made.body.data.id}`);
    expect([read.status, read.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(await verifyArchive(worker())).toMatchObject({ missing: [], damaged: [], orphans: [] });
  } finally {
    await bench.close();
    await bucket.close();
  }
}, 120_000);
