import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '@/lib/clock';
import { keepRule } from '@/lib/services/feedback/archive';
import { archivePictures } from '@/lib/services/feedback/archive-lane';
import { type ApiBench, apiBench } from '@/tests/factories/context';
import { type PictureHost, pictureHost } from '@/tests/factories/picture-host';

const TYPE = 'betaFeedbackScreenshotSubmissions';
const never = new AbortController().signal;

let bench: ApiBench;
let host: PictureHost;
/** How far the clock of the product is ahead, ms. */
let ahead: number;

beforeEach(async () => {
  ahead = 0;
  host = await pictureHost();
  const clock = { ...systemClock, now: () => Date.now() + ahead };
  bench = await apiBench({ seed: 5, clock });
});
afterEach(async () => {
  await bench.close();
  await host.close();
});

const archive = () => archivePictures(bench.app.ctx({ kind: 'system', name: 'worker' }, 'pictures'), never);
interface Row {
  feedbackId: string;
  position: number;
  state: string;
  trouble: string | null;
  hash: string | null;
  tries: number;
  tryAfter: number;
}
const rows = () => bench.db.query<Row>('SELECT * FROM feedbackPictures ORDER BY feedbackId, position');
const folder = () => path.join(bench.db.folder, 'archive');
const fileIn = (hash: string) => path.join(folder(), hash.slice(0, 2), hash.slice(2));
const inFolder = () =>
  existsSync(folder())
    ? readdirSync(folder(), { recursive: true, encoding: 'utf8' }).filter((name) => name.length > 60)
    : [];
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface Shot {
  url: string;
  width?: number;
  height?: number;
  expirationDate?: string;
}

/** Leaves one report, whose pictures are these. */
async function onlyReport(shots: readonly Shot[]): Promise<string> {
  const [report] = await bench.db.query<{ id: string }>(
    `SELECT id FROM feedback WHERE type = '${TYPE}' ORDER BY id LIMIT 1`,
  );
  const id = report?.id ?? '';
  await bench.db.write([
    { sql: 'DELETE FROM feedback WHERE id <> ?', params: [id] },
    { sql: 'DELETE FROM feedbackPictures', params: [] },
    {
      sql: 'UPDATE feedback SET picturesNoted = NULL, document = ?',
      params: [JSON.stringify({ screenshots: shots })],
    },
  ]);
  return id;
}

const colour = (side: number, background = '#2266aa') =>
  sharp({ create: { width: side, height: side, channels: 3, background } });

/** One picture that the host answers for in its own way; gives its row. */
async function fetched(how: (response: ServerResponse) => void, shot: Partial<Shot> = {}): Promise<Row> {
  host.answer('/p', how);
  await onlyReport([{ url: `${host.url}/p?signature=secret`, ...shot }]);
  await archive();
  const [row] = await rows();
  if (!row) throw new Error('no row');
  return row;
}
const sends =
  (bytes: Uint8Array | string, type = 'image/png', headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': type, ...headers }).end(bytes);

describe('the archive of pictures', () => {
  it('keeps every picture of the sandbox under its hash, shows it small, and asks with no key', async () => {
    expect(await archive()).toBe(true);
    const all = await rows();
    expect(all.length).toBeGreaterThan(10);
    expect(new Set(all.map(({ state, trouble }) => `${state} ${trouble}`))).toEqual(new Set(['stored null']));
    for (const { hash } of all) expect(sha(readFileSync(fileIn(hash ?? '')))).toBe(hash);
    const files = await bench.db.query<{ type: string; width: number; thumbHash: string; hash: string }>(
      'SELECT * FROM archivedFiles',
    );
    expect(files.every(({ thumbHash }) => /^[0-9a-f]{64}$/.test(thumbHash))).toBe(true);
    expect(files.filter(({ type }) => type === 'image/webp').every(({ width }) => width <= 400)).toBe(true);
    expect(inFolder().length).toBe(files.length);
    expect(await archive()).toBe(false);
  });

  it('shows pictures to whoever is signed in, from the archive alone', async () => {
    const [first] = await bench.db.query<{ id: string }>(`SELECT id FROM feedback WHERE type = '${TYPE}'`);
    const address = `/api/feedback/${first?.id}/pictures/0`;
    const before = await bench.call('GET', address, { as: 'viewer' });
    expect([before.status, before.body.errors[0].meta.state]).toEqual([404, 'wanted']);
    await archive();
    bench.upstream();
    const picture = await bench.call('GET', address, { as: 'viewer' });
    expect(picture.status).toBe(200);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(picture.headers.get('x-content-type-options')).toBe('nosniff');
    expect(picture.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(picture.headers.get('cache-control')).toBe('private, no-cache');
    const etag = picture.headers.get('etag') ?? '';
    const again = await bench.call('GET', address, { headers: { 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
    const small = await bench.call('GET', `${address}?size=small`);
    expect(small.headers.get('content-type')).toBe('image/webp');
    expect(small.headers.get('etag')).not.toBe(etag);
    expect((await bench.call('GET', address, { as: null })).status).toBe(401);
    for (const wrong of ['/api/feedback/none/pictures/0', `/api/feedback/${first?.id}/pictures/99`])
      expect((await bench.call('GET', wrong)).status).toBe(404);
    expect(bench.upstream()).toBe(0);
  });

  it('hands no link of Apple to a browser', async () => {
    const [first] = await bench.db.query<{ id: string; appId: string }>(
      `SELECT id, appId FROM feedback WHERE type = '${TYPE}'`,
    );
    for (const address of [
      `/api/v1/${TYPE}/${first?.id}`,
      `/api/v1/${TYPE}/${first?.id}?refresh=1`,
      `/api/v1/apps/${first?.appId}/${TYPE}`,
    ]) {
      const { status, text } = await bench.call('GET', address);
      expect([status, text.includes('"screenshots"'), text.includes('signature=')]).toEqual([
        200,
        true,
        false,
      ]);
    }
  });

  it('outlives links that have ended: reports are read again for fresh ones', async () => {
    bench.sandbox.parts().clock.step(40 * 24 * 3_600_000);
    bench.upstream();
    await archive();
    const all = await rows();
    expect(new Set(all.map(({ state }) => state))).toEqual(new Set(['stored']));
    // Each report is asked for once, however many pictures it has; the pictures themselves cost nothing of the quota.
    expect(bench.upstream()).toBeGreaterThanOrEqual(new Set(all.map(({ feedbackId }) => feedbackId)).size);
  });

  it('says of pictures whose report is gone at Apple that they are lost, and asks no more', async () => {
    const id = await onlyReport([{ url: `${host.url}/gone?s=1` }]);
    const { store } = bench.sandbox.parts().world;
    const there = store.get(TYPE, id);
    if (there) store.remove(there);
    await archive();
    const [row] = await rows();
    expect([row?.state, row?.trouble]).toEqual([
      'refused',
      'The report is gone at Apple, and its link had ended before.',
    ]);
    expect(await archive()).toBe(false);
  });

  it('sends neither token nor cookie', async () => {
    await fetched(sends(await colour(20).png().toBuffer()));
    expect(host.asked.length).toBe(1);
    expect(Object.keys(host.asked[0]?.headers ?? {}).sort()).toEqual(
      ['accept', 'accept-encoding', 'connection', 'host', 'user-agent'].sort(),
    );
  });
});

describe('pictures that lie', () => {
  const noPicture = 'The file is no picture of a kind that is kept (PNG, JPEG, HEIC, WebP, GIF).';

  it.each([
    ['a page', () => sends('<html>Sign in</html>', 'image/png'), 'failed', noPicture],
    [
      'a drawing that could run scripts',
      () => sends('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'failed',
      noPicture,
    ],
    ['nothing', () => sends(''), 'failed', 'The file is empty.'],
    ['60 MB', () => sends(new Uint8Array(60 << 20)), 'refused', 'The file has more than 25 MB.'],
    [
      '60 MB without saying so',
      () => (response: ServerResponse) => {
        const part = new Uint8Array(1 << 20);
        let left = 60;
        const more = () => {
          while (left > 0) {
            left -= 1;
            if (!response.write(part)) return void response.once('drain', more);
          }
          response.end();
        };
        response.writeHead(200, { 'content-type': 'image/png' });
        more();
      },
      'refused',
      'The file has more than 25 MB.',
    ],
    [
      'less than it says',
      () => (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'image/png', 'content-length': '5000' });
        response.write('\x89PNG');
        setImmediate(() => response.destroy());
      },
      'failed',
      'The server of the picture cannot be reached (ECONNRESET).',
    ],
    [
      'what is packed',
      () => sends('x', 'image/png', { 'content-encoding': 'gzip' }),
      'failed',
      'The answer was packed, though nothing packed was asked for.',
    ],
    [
      'another address',
      () => (response: ServerResponse) =>
        void response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
      'refused',
      'The address leads on to another one, which is not followed.',
    ],
    [
      'that it is busy',
      () => (response: ServerResponse) => void response.writeHead(503, { 'retry-after': '7200' }).end('x'),
      'failed',
      'The server of the picture answered 503.',
    ],
  ])('%s', async (_, how, state, trouble) => {
    const row = await fetched(how());
    expect([row.state, row.trouble, row.hash]).toEqual([state, trouble, null]);
    expect(inFolder()).toEqual([]);
    expect(await archive()).toBe(false);
    const shown = await bench.call('GET', `/api/feedback/${row.feedbackId}/pictures/0`);
    expect([shown.status, shown.body.errors[0].detail.includes(trouble)]).toEqual([404, true]);
    if (state === 'failed') {
      expect(row.tryAfter - bench.app.clock.now()).toBeGreaterThan(
        trouble.includes('503') ? 7_000_000 : 50_000,
      );
      host.answer('/p', sends(await colour(30).png().toBuffer()));
      ahead += 8 * 3_600_000;
      await archive();
      expect((await rows())[0]).toMatchObject({ state: 'stored', trouble: null });
    }
    expect(bench.logged.join()).not.toContain('signature=secret');
  });

  it('a picture that says another type is kept by what it is', async () => {
    const bytes = await colour(40).jpeg().toBuffer();
    const row = await fetched(sends(bytes, 'text/html'));
    expect(row).toMatchObject({ state: 'stored', hash: sha(bytes) });
    const shown = await bench.call('GET', `/api/feedback/${row.feedbackId}/pictures/0`);
    expect(shown.headers.get('content-type')).toBe('image/jpeg');
  });

  it('a picture of another size than Apple says is kept with a word', async () => {
    const row = await fetched(sends(await colour(40).png().toBuffer()), { width: 1179, height: 2556 });
    expect(row).toMatchObject({
      state: 'stored',
      trouble: 'Apple says 1179 × 2556 pixels; the picture has 40 × 40.',
    });
  });

  it('an animated picture is kept whole and shown small by its first frame', async () => {
    const frames = await Promise.all(['#f00', '#0f0'].map((one) => colour(600, one).png().toBuffer()));
    const bytes = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const row = await fetched(sends(bytes, 'image/gif'));
    expect(row).toMatchObject({ state: 'stored', hash: sha(bytes) });
    const [file] = await bench.db.query<{ thumbHash: string }>('SELECT * FROM archivedFiles WHERE hash = ?', [
      row.hash,
    ]);
    const small = await sharp(readFileSync(fileIn(file?.thumbHash ?? ''))).metadata();
    expect([small.format, small.width, small.height, small.pages ?? 1]).toEqual(['webp', 400, 400, 1]);
  });

  it('a bomb is refused before anything opens it', async () => {
    const bomb = await colour(20).png().toBuffer();
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    const row = await fetched(sends(bomb));
    expect([row.state, row.trouble]).toEqual([
      'refused',
      'The picture has 60000 × 60000 pixels; more than 50 million are not opened.',
    ]);
  });

  it('a damaged picture is kept with a word and shown as it is', async () => {
    const bytes = (await colour(900).png({ compressionLevel: 0 }).toBuffer()).subarray(0, 20_000);
    const row = await fetched(sends(bytes));
    expect(row).toMatchObject({
      state: 'stored',
      trouble: 'The picture is damaged, or of a kind that cannot be shown small here.',
    });
    const shown = await bench.call('GET', `/api/feedback/${row.feedbackId}/pictures/0?size=small`);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(await archive()).toBe(false);
  });

  it.each([
    ['http://example.com/p', 'The address begins with http://, which is not safe; only https:// is fetched.'],
    ['ftp://127.0.0.1/p', 'The address begins with ftp://, which is not safe; only https:// is fetched.'],
    ['https://10.0.0.1/p', 'The address leads into a private network, so it is not fetched.'],
    ['https://[::ffff:10.0.0.1]/p', 'The address leads into a private network, so it is not fetched.'],
    [
      'https://169.254.169.254/latest/meta-data',
      'The address leads into a private network, so it is not fetched.',
    ],
    ['https://0x0a000001/p', 'The address leads into a private network, so it is not fetched.'],
    ['https://user:pw@pictures.example/p', 'The address holds a name or password.'],
    ['no address', 'Apple gave no address that can be read.'],
  ])('%s is not fetched', async (url, trouble) => {
    await onlyReport([{ url }]);
    await archive();
    expect((await rows()).map((row) => [row.state, row.trouble])).toEqual([['refused', trouble]]);
  });

  it('a picture that Apple lists at another place keeps its own', async () => {
    const [one, other] = await Promise.all([
      colour(20, '#111').png().toBuffer(),
      colour(20, '#eee').png().toBuffer(),
    ]);
    host.answer('/one', sends(one));
    host.answer('/other', (response) => void response.writeHead(503).end());
    await onlyReport([
      { url: `${host.url}/one?s=1`, width: 20, height: 20 },
      { url: `${host.url}/other?s=1`, width: 20, height: 20 },
    ]);
    await archive();
    const turned = [
      { url: `${host.url}/third?s=2`, width: 9, height: 9 },
      { url: `${host.url}/other?s=2`, width: 20, height: 20 },
      { url: `${host.url}/one?s=2`, width: 20, height: 20 },
    ];
    await bench.db.write([
      { sql: 'UPDATE feedback SET document = ?', params: [JSON.stringify({ screenshots: turned })] },
    ]);
    host.answer('/other', sends(other));
    host.answer('/third', sends(await colour(9).png().toBuffer()));
    ahead += 3_600_000;
    await archive();
    expect((await rows()).map(({ position, hash }) => [position, hash])).toEqual([
      [0, sha(one)],
      [1, sha(other)],
      [2, sha(await colour(9).png().toBuffer())],
    ]);
  });

  it('a report is looked at once, and one that lists no picture again an hour later', async () => {
    host.answer('/p', sends(await colour(20).png().toBuffer()));
    await onlyReport([]);
    expect(await archive()).toBe(false);
    const listed = [{ url: `${host.url}/p?s=1`, width: 20, height: 20 }];
    await bench.db.write([
      { sql: 'UPDATE feedback SET document = ?', params: [JSON.stringify({ screenshots: listed })] },
    ]);
    expect(await archive()).toBe(false);
    await keepRule(bench.app.ctx({ kind: 'system', name: 'worker' }, 'rule'), never);
    expect([await archive(), (await rows()).map(({ state }) => state)]).toEqual([true, ['stored']]);
    await keepRule(bench.app.ctx({ kind: 'system', name: 'worker' }, 'rule'), never);
    expect(await archive()).toBe(false);
  });
});
