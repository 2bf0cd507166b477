import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import S3rver from 's3rver';
import { afterEach, describe, expect, it } from 'vitest';
import { type BucketSettings, bucketPlace } from '@/lib/feedback/archive/bucket';
import { archivePlaces } from '@/lib/feedback/archive/places';
import { readTrouble } from '@/lib/feedback/archive/settings';
import { archivePictures } from '@/lib/services/feedback/archive-lane';
import { exportEntries } from '@/lib/services/hand-over/export-zip';
import { ACCOUNT, apiBench } from '@/tests/factories/context';
import { strictBucket } from '@/tests/factories/strict-bucket';

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A folder of the test. */
function room(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-bucket-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const FILES = Array.from({ length: 5 }, (_, n) => Buffer.from(`file ${n} ü`));
const never = new AbortController().signal;

async function s3(): Promise<BucketSettings> {
  const directory = mkdtempSync(path.join(tmpdir(), 'flightdeck-s3-'));
  const server = new S3rver({
    ...{ address: '127.0.0.1', port: 0, silent: true, directory },
    configureBuckets: [{ name: 'pictures' }],
  });
  const { port } = await server.run();
  closers.push(
    () => rmSync(directory, { recursive: true, force: true }),
    () => server.close(),
  );
  const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket: 'pictures',
    region: 'us-east-1',
    prefix: 'a b/',
    ...keys,
  };
}

async function strict(): Promise<BucketSettings> {
  const bucket = await strictBucket();
  closers.push(() => bucket.close());
  const keys = { accessKeyId: 'KEY', secretAccessKey: 'SECRET', region: 'eu-test-1' };
  return { endpoint: bucket.url, bucket: 'pictures', prefix: '', ...keys };
}

describe.each([
  ['s3rver', s3],
  ['one that judges signatures', strict],
])('a bucket of %s', (_, open) => {
  it('keeps, gives, lists and forgets', async () => {
    const place = bucketPlace(await open());
    const hashes = FILES.map(sha);
    for (const [at, bytes] of FILES.entries()) await place.put(hashes[at] ?? '', bytes, 'image/png');
    expect(Buffer.from((await place.get(hashes[2] ?? '')) ?? [])).toEqual(FILES[2]);
    expect(await place.get(sha(Buffer.from('none')))).toBe(null);
    const lying = async () => {
      const found: string[] = [];
      for await (const { hash, size } of place.list()) {
        expect(size).toBe(9);
        found.push(hash);
      }
      return found.sort();
    };
    expect(await lying()).toEqual([...hashes].sort());
    await place.remove(hashes[0] ?? '');
    await place.remove(hashes[0] ?? '');
    expect((await lying()).length).toBe(4);
  });

  it('takes and gives whole files, as large as symbols are', async () => {
    const place = bucketPlace(await open());
    const folder = room();
    const bytes = Buffer.alloc(3_000_000, 'symbols ü ');
    const sent = path.join(folder, 'sent');
    writeFileSync(sent, bytes);
    const hash = sha(bytes);
    expect(await place.copyTo(hash, path.join(folder, 'early'))).toBe(false);
    expect(existsSync(path.join(folder, 'early'))).toBe(false);
    await place.putFile(hash, sent, 'application/octet-stream');
    await place.putFile(hash, sent, 'application/octet-stream');
    expect(await place.pathOf(hash)).toBe(null);
    expect(await place.copyTo(hash, path.join(folder, 'copy'))).toBe(true);
    expect(sha(readFileSync(path.join(folder, 'copy')))).toBe(hash);
    await place.remove(hash);
    expect(await place.copyTo(hash, path.join(folder, 'late'))).toBe(false);
  });
});

it('a bucket that breaks off in the middle of a file leaves none behind', async () => {
  const bucket = await strictBucket();
  closers.push(() => bucket.close());
  const keys = { accessKeyId: 'KEY', secretAccessKey: 'SECRET', region: 'eu-test-1' };
  const place = bucketPlace({ endpoint: bucket.url, bucket: 'pictures', prefix: '', ...keys });
  const bytes = Buffer.alloc(1_000_000, 'x');
  await place.put(sha(bytes), bytes, 'application/octet-stream');
  bucket.isCut = true;
  const copy = path.join(room(), 'copy');
  await expect(place.copyTo(sha(bytes), copy)).rejects.toMatchObject({
    ...{ name: 'PlaceError', reason: 'away', message: expect.stringContaining('broke off') },
  });
  expect(existsSync(copy)).toBe(false);
  const all = place.list()[Symbol.asyncIterator]();
  for (const read of [() => place.get(sha(bytes)), () => all.next()])
    await expect(read()).rejects.toMatchObject({
      ...{ name: 'PlaceError', reason: 'away', message: 'The bucket pictures broke off while it answered.' },
    });
});

describe('a key that the bucket does not take', () => {
  it.each([
    ['a wrong secret', { secretAccessKey: 'wrong' }, /secret key \(ARCHIVE_S3_SECRET_ACCESS_KEY\)/],
    ['a wrong key', { accessKeyId: 'wrong' }, /access key \(ARCHIVE_S3_ACCESS_KEY_ID\)/],
  ])('%s is said in words, and no secret', async (_wrong, wrong, words) => {
    const settings = { ...(await strict()), ...wrong };
    const place = bucketPlace(settings);
    const hash = sha(Buffer.from('x'));
    const file = path.join(room(), 'x');
    writeFileSync(file, 'x');
    for (const act of [
      () => place.put(hash, Buffer.from('x'), 'image/png'),
      () => place.putFile(hash, file, 'application/octet-stream'),
      () => place.copyTo(hash, `${file}.copy`),
    ]) {
      const error = await act().catch((one) => one);
      expect(error).toMatchObject({ name: 'PlaceError', reason: 'refused' });
      expect(error.message).toMatch(words);
      expect(`${error.stack}${JSON.stringify(error)}`).not.toContain(settings.secretAccessKey);
    }
    expect(existsSync(`${file}.copy`)).toBe(false);
  });
});

it('a bucket that is not there, and one that cannot be reached, are said apart', async () => {
  const settings = await s3();
  const hash = sha(Buffer.from('x'));
  const other = bucketPlace({ ...settings, bucket: 'other' });
  await expect(other.get(hash)).rejects.toThrow('The bucket other does not exist (ARCHIVE_S3_BUCKET).');
  await expect(other.put(hash, Buffer.from('x'), 'image/png')).rejects.toMatchObject({ reason: 'refused' });
  const away = bucketPlace({ ...settings, endpoint: 'http://127.0.0.1:1' });
  await expect(away.get(hash)).rejects.toMatchObject({ reason: 'away' });
});

it('pictures go to the bucket, wait while it is away, and those of the folder stay readable', async () => {
  const bucket = await strictBucket();
  closers.push(() => bucket.close());
  const bench = await apiBench({ seed: 5 });
  closers.push(() => bench.close());
  const [kept] = await bench.db.query<{ id: string }>(
    `SELECT id FROM feedback WHERE type = 'betaFeedbackScreenshotSubmissions' ORDER BY id LIMIT 1`,
  );
  const all = await bench.db.query<{ id: string }>(
    `SELECT id FROM feedback WHERE type = 'betaFeedbackScreenshotSubmissions' AND id <> '${kept?.id}'`,
  );
  await bench.db.write([
    { sql: `DELETE FROM feedback WHERE id NOT IN (?, ?)`, params: [kept?.id ?? '', all[0]?.id ?? ''] },
    { sql: `UPDATE feedback SET type = 'later' WHERE id = ?`, params: [all[0]?.id ?? ''] },
  ]);
  const ctx = bench.app.ctx({ kind: 'system', name: 'worker' }, 'pictures');
  await archivePictures(ctx, never);
  await bench.db.write([
    {
      sql: `UPDATE feedback SET type = 'betaFeedbackScreenshotSubmissions' WHERE type = 'later'`,
      params: [],
    },
  ]);

  const env = {
    ...bench.app.env,
    ARCHIVE_S3_ENDPOINT: bucket.url,
    ARCHIVE_S3_BUCKET: 'pictures',
    ARCHIVE_S3_REGION: 'eu-test-1',
    ARCHIVE_S3_ACCESS_KEY_ID: 'KEY',
    ARCHIVE_S3_SECRET_ACCESS_KEY: 'SECRET',
  };
  bucket.trouble = { status: 507, code: 'QuotaExceeded' };
  await archivePictures({ ...ctx, env }, never);
  expect((await readTrouble(bench.db))?.words).toBe('The bucket pictures is full.');
  const states = async () =>
    (
      await bench.db.query<{ state: string }>('SELECT DISTINCT state FROM feedbackPictures ORDER BY state')
    ).map(({ state }) => state);
  expect(await states()).toEqual(['stored', 'wanted']);
  bucket.trouble = null;
  // Neither a bucket that breaks off nor one that is full costs a picture what shows it small.
  bucket.isCut = true;
  await archivePictures({ ...ctx, env }, never);
  const withoutSmall = () => bench.db.query("SELECT hash FROM archivedFiles WHERE thumbHash = ''");
  expect([await states(), (await readTrouble(bench.db))?.words, await withoutSmall()]).toEqual([
    ...[['stored'], 'The bucket pictures broke off while it answered.', []],
  ]);
  Object.assign(bucket, {
    isCut: false,
    trouble: { status: 507, code: 'QuotaExceeded', type: 'image/webp' },
  });
  await archivePictures({ ...ctx, env }, never);
  expect([(await readTrouble(bench.db))?.words, await withoutSmall()]).toEqual([
    ...['The bucket pictures is full.', []],
  ]);
  bucket.trouble = null;
  await archivePictures({ ...ctx, env }, never);
  expect([await states(), await readTrouble(bench.db)]).toEqual([['stored'], null]);
  const shownBy = await bench.db.query<{ thumbHash: string | null }>('SELECT thumbHash FROM archivedFiles');
  expect(shownBy.every(({ thumbHash }) => /^[0-9a-f]{64}$/.test(thumbHash ?? ''))).toBe(true);
  const places = archivePlaces(env);
  const files = await bench.db.query<{ hash: string; place: string }>(
    'SELECT hash, place FROM archivedFiles',
  );
  expect(new Set(files.map(({ place }) => place))).toEqual(new Set(['folder', 'bucket']));
  for (const { hash, place } of files) {
    const bytes = await (await places.of(place))?.get(hash);
    expect(sha(bytes ?? new Uint8Array())).toBe(hash);
  }
  // An export goes on without a picture that cannot be had now, and says why.
  bucket.isCut = true;
  let left = '';
  for await (const { name, parts } of exportEntries({ ...ctx, env }, [[ACCOUNT, all[0]?.id ?? '']]))
    for await (const part of parts) if (name === 'not-included.txt') left += part;
  expect(left).toMatch(/^Picture 00001-1: The bucket pictures broke off while it answered\.\n/);
  // Whoever serves without the bucket says what is wrong.
  const shown = await bench.call('GET', `/api/feedback/${all[0]?.id}/pictures/0`);
  expect([shown.status, shown.body.errors[0].detail]).toEqual([
    404,
    'The picture lies in a bucket that is not configured any more.',
  ]);
  expect(bench.logged.join()).not.toContain('SECRET"');
});
