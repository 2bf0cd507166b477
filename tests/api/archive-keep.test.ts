import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveDue, inTurn } from '@/lib/feedback/archive/archive';
import { folderPlace } from '@/lib/feedback/archive/folder';
import { PlaceError } from '@/lib/feedback/archive/place';
import { readTrouble } from '@/lib/feedback/archive/settings';
import { keepRule, previewPrune, prune, verifyArchive } from '@/lib/services/feedback/archive';
import { archivePictures } from '@/lib/services/feedback/archive-lane';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';

const never = new AbortController().signal;
const TYPE = 'betaFeedbackScreenshotSubmissions';

let bench: ApiBench;
beforeEach(async () => {
  bench = await apiBench({ seed: 5 });
  // Three reports: an old one that is settled, an old one that is open, and one that shares a picture with the first.
  const ids = (
    await bench.db.query<{ id: string }>(`SELECT id FROM feedback WHERE type = '${TYPE}' ORDER BY id LIMIT 3`)
  ).map(({ id }) => id);
  const [settled = '', open = '', sharing = ''] = ids;
  reports = { settled, open, sharing };
  await bench.db.write([
    { sql: 'DELETE FROM feedback WHERE id NOT IN (?, ?, ?)', params: ids },
    ...ids.map((id) => ({
      sql: `UPDATE feedback SET issueId = ?, createdDate = '2020-01-01T00:00:00.000Z' WHERE id = ?`,
      params: [`issue-${id}`, id],
    })),
    ...ids.map((id) =>
      bench.db.build.insertInto('issues').values({
        ...{ id: `issue-${id}`, accountId: ACCOUNT, appId: 'app', kind: 'report', title: 'x' },
        ...{ status: id === open ? 'inProgress' : 'resolved', createdAt: 0, updatedAt: 0 },
        ...{ priority: 0, reportCount: 1, testerCount: 0, version: 1 },
      }),
    ),
  ]);
});
afterEach(() => bench.close());

let reports: { settled: string; open: string; sharing: string };
const worker = () => bench.app.ctx({ kind: 'system', name: 'worker' }, 'archive');
const folder = () => path.join(bench.db.folder, 'archive');
const files = () =>
  existsSync(folder())
    ? readdirSync(folder(), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.length > 60)
        .map((name) => name.replace('/', ''))
    : [];
const rows = () =>
  bench.db.query<{ feedbackId: string; position: number; state: string; hash: string | null }>(
    'SELECT * FROM feedbackPictures ORDER BY feedbackId, position',
  );

describe('the rule of the archive', () => {
  it('lets go what is settled and old, keeps what is open, and files that others use', async () => {
    await archivePictures(worker(), never);
    const before = await rows();
    const shared = before.find(({ feedbackId }) => feedbackId === reports.settled)?.hash ?? '';
    await bench.db.write([
      { sql: `UPDATE feedbackPictures SET hash = ? WHERE feedbackId = ?`, params: [shared, reports.sharing] },
      { sql: `UPDATE issues SET status = 'new' WHERE id = ?`, params: [`issue-${reports.sharing}`] },
    ]);
    const unused = await previewPrune(worker());
    expect(unused).toMatchObject({ pictures: 0, orphans: [] });
    await keepRule(worker(), never);
    expect(files()).toContain(shared);
    const changed = await bench.call('PATCH', '/api/archive', { body: { quotaBytes: null, keepDays: 30 } });
    expect([changed.status, changed.body.data.rules.keepDays]).toEqual([200, 30]);
    expect((await previewPrune(worker())).pictures).toBe(
      before.filter(({ feedbackId }) => feedbackId === reports.settled).length,
    );
    expect((await rows()).every(({ state }) => state === 'stored')).toBe(true);
    await keepRule(worker(), never);
    const after = await rows();
    expect(new Set(after.map(({ feedbackId, state }) => `${feedbackId} ${state}`))).toEqual(
      new Set([`${reports.settled} removed`, `${reports.open} stored`, `${reports.sharing} stored`]),
    );
    expect(files()).toContain(shared);
    const shown = await bench.call('GET', `/api/feedback/${reports.settled}/pictures/0`);
    expect([shown.status, shown.body.errors[0].meta.state]).toEqual([404, 'removed']);
    // The last that uses the file: now it goes, with what showed it small.
    await bench.db.write([
      { sql: `UPDATE issues SET status = 'wontFix' WHERE id = ?`, params: [`issue-${reports.sharing}`] },
    ]);
    await keepRule(worker(), never);
    expect(files()).not.toContain(shared);
    const known = await bench.db.query<{ hash: string }>('SELECT hash FROM archivedFiles');
    expect(files().sort()).toEqual(known.map(({ hash }) => hash).sort());
    expect(await archivePictures(worker(), never)).toBe(false);
  });

  it('is set by admins only, and stands in the trail', async () => {
    const body = { quotaBytes: 5_000_000, keepDays: null };
    expect((await bench.call('GET', '/api/archive', { as: 'triager' })).status).toBe(403);
    expect((await bench.call('PATCH', '/api/archive', { as: 'manager', body })).status).toBe(403);
    expect((await bench.call('PATCH', '/api/archive', { body: { quotaBytes: 1, keepDays: 0 } })).status).toBe(
      400,
    );
    expect((await bench.call('PATCH', '/api/archive', { body })).status).toBe(200);
    const [entry] = await bench.db.query<{ action: string; status: string }>(
      `SELECT action, status FROM auditEntries WHERE type = 'archive'`,
    );
    expect(entry).toEqual({ action: 'update', status: 'succeeded' });
  });
});

describe('the quota', () => {
  it('stops fetching and says so, until there is room', async () => {
    const set = (quotaBytes: number | null) =>
      bench.call('PATCH', '/api/archive', { body: { quotaBytes, keepDays: null } });
    await archivePictures(worker(), never);
    await bench.db.write([{ sql: `UPDATE archivedFiles SET size = 1000000`, params: [] }]);
    await bench.db.write([
      {
        sql: `UPDATE feedbackPictures SET state = 'wanted', hash = NULL WHERE feedbackId = ?`,
        params: [reports.open],
      },
    ]);
    await set(1_000_000);
    await archivePictures(worker(), never);
    expect((await bench.call('GET', '/api/archive')).body.data.trouble.words).toContain('reached its quota');
    expect((await rows()).some(({ state }) => state === 'wanted')).toBe(true);
    await set(null);
    await archivePictures(worker(), never);
    expect((await rows()).every(({ state }) => state === 'stored')).toBe(true);
    expect(await readTrouble(bench.db)).toBe(null);
  });
});

describe('bad days', () => {
  it('a full disk leaves nothing half, is said, and fetching goes on later', async () => {
    const folderOf = folderPlace(folder());
    let isFull = true;
    const place = {
      ...folderOf,
      async put(hash: string, bytes: Uint8Array, type: string) {
        if (isFull) throw new PlaceError('full', 'The disk is full.');
        await folderOf.put(hash, bytes, type);
      },
    };
    const bytes = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#123' } })
      .png()
      .toBuffer();
    const { db, clock, log } = worker();
    const deps = {
      ...{ db, clock, log },
      places: { current: 'folder' as const, of: async () => place },
      downloaderOf: async () => ({
        get: async () => ({ kind: 'bytes' as const, bytes }),
        close: () => undefined,
      }),
      renew: async () => 'fresh' as const,
    };
    await archivePictures(worker(), AbortSignal.abort());
    const run = () => inTurn(deps, never, (turn) => archiveDue(deps, turn));
    await run();
    expect([files(), (await readTrouble(db))?.words]).toEqual([[], 'The disk is full.']);
    expect(new Set((await rows()).map(({ state }) => state))).toEqual(new Set(['wanted']));
    isFull = false;
    await run();
    expect(new Set((await rows()).map(({ state }) => state))).toEqual(new Set(['stored']));
    expect(await readTrouble(db)).toBe(null);
  });

  it('a folder that cannot be written is said, and a mended one used', async () => {
    writeFileSync(folder(), 'a file in the way');
    await archivePictures(worker(), never);
    expect((await readTrouble(bench.db))?.words).toContain('cannot be kept in');
    rmSync(folder());
    await archivePictures(worker(), never);
    expect(await readTrouble(bench.db)).toBe(null);
    expect(files().length).toBeGreaterThan(0);
  });

  it('what a killed run left is tidied away, named and removed', async () => {
    const lost = 'ab'.repeat(32);
    mkdirSync(path.join(folder(), 'begun'), { recursive: true });
    writeFileSync(path.join(folder(), 'begun', `${lost}.half`), 'half');
    mkdirSync(path.join(folder(), 'ab'));
    const whole = path.join(folder(), 'ab', lost.slice(2));
    writeFileSync(whole, 'whole, but its row was not written');
    await archivePictures(worker(), never);
    expect(existsSync(path.join(folder(), 'begun', `${lost}.half`))).toBe(false);
    expect(await verifyArchive(worker())).toMatchObject({ missing: [], damaged: [], orphans: [lost] });
    // What was put away a moment ago may get its row yet.
    expect((await prune(worker(), never)).orphans).toEqual([]);
    utimesSync(whole, 0, 0);
    expect((await prune(worker(), never)).orphans).toEqual([lost]);
    expect(await verifyArchive(worker())).toMatchObject({ missing: [], damaged: [], orphans: [] });
  });

  it('missing and damaged files are named', async () => {
    await archivePictures(worker(), never);
    const [one = '', other = ''] = files().sort();
    rmSync(path.join(folder(), one.slice(0, 2), one.slice(2)));
    writeFileSync(path.join(folder(), other.slice(0, 2), other.slice(2)), 'other bytes');
    expect(await verifyArchive(worker())).toMatchObject({ missing: [one], damaged: [other], orphans: [] });
  });
});
