import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '@/lib/clock';
import { inTurn } from '@/lib/feedback/archive/archive';
import { archiveFigures, usedBytes } from '@/lib/feedback/archive/figures';
import { expiredPictures, letExpiredGo, sweep, unusedFiles } from '@/lib/feedback/archive/keep';
import type { Place } from '@/lib/feedback/archive/place';
import {
  dueReports,
  type FileRow,
  fileOf,
  hasWork,
  noteWanted,
  type PictureRow,
  pictureOutcome,
  picturesOf,
  shownSmallBy,
  storedFile,
  WITH_PICTURES,
  withoutSmall,
} from '@/lib/feedback/archive/rows';
import { noteTrouble, readRules, readTrouble, rulesStatement } from '@/lib/feedback/archive/settings';
import type { Store, Write } from '@/lib/store/store';
import { ENGINES } from '@/tests/factories/stores';

const NOW = 1_795_902_913_609;
const day = (n: number) => new Date(NOW + n * 86_400_000).toISOString();
const shot = (name: string, ends: number) => ({
  url: `https://host.example/${name}?signature=s`,
  width: 10,
  height: 20,
  expirationDate: day(ends),
});

describe.each(ENGINES)('the archive’s rows on $name', ({ open }) => {
  let db: Store;
  beforeEach(async () => {
    db = await open();
  });
  afterEach(() => db.close());

  const addReport = (id: string, screenshots: unknown, type: string = WITH_PICTURES) =>
    db.write([
      db.build.insertInto('feedback').values({
        ...{
          accountId: 'a',
          id,
          type,
          appId: 'app',
          generation: 1,
          fetchedAt: NOW,
          isPlaced: 0,
          isSymbolicated: 0,
        },
        document: JSON.stringify({ screenshots }),
      }),
    ]);
  const key = (feedbackId: string) => ({ accountId: 'a', feedbackId });
  const first = async (id: string): Promise<PictureRow> => {
    const [row] = await picturesOf(db, key(id));
    if (!row) throw new Error(`no picture of ${id}`);
    return row;
  };
  const file = (hash: string, more: Partial<FileRow> = {}): FileRow => ({
    ...{ hash, type: 'image/png', size: 100, width: 10, height: 20, place: 'folder' },
    ...{ thumbHash: null, storedAt: NOW, ...more },
  });

  it('pictures are noted once, and those whose links end first are due first', async () => {
    await addReport('late', [shot('l', 9)]);
    await addReport('never', [{ ...shot('n', 0), expirationDate: null }]);
    await addReport('soon', [shot('s0', 2), shot('s1', 1)]);
    await addReport('none', []);
    await addReport('crash', [shot('c', 0)], 'betaFeedbackCrashSubmissions');
    expect(await hasWork(db, NOW)).toBe(false);
    await noteWanted(db);
    await noteWanted(db);
    expect((await dueReports(db, NOW, 10)).map(({ feedbackId }) => feedbackId)).toEqual([
      'soon',
      'late',
      'never',
    ]);
    expect(
      (await picturesOf(db, key('soon'))).map(({ position, path, state }) => [position, path, state]),
    ).toEqual([
      [0, '/s0', 'wanted'],
      [1, '/s1', 'wanted'],
    ]);
    expect(await hasWork(db, NOW)).toBe(true);
  });

  it('many reports are looked at, also when the first have no pictures', async () => {
    for (let n = 0; n < 1100; n += 100) {
      const rows = Array.from({ length: 100 }, (_, at) => ({
        ...{ accountId: 'a', id: `r${String(n + at).padStart(5, '0')}`, type: WITH_PICTURES, appId: 'app' },
        ...{ generation: 1, fetchedAt: NOW, isPlaced: 0, isSymbolicated: 0 },
        document: JSON.stringify(n + at < 1050 ? {} : { screenshots: [shot('x', 1)] }),
      }));
      await db.write([db.build.insertInto('feedback').values(rows)]);
    }
    await noteWanted(db);
    expect((await archiveFigures(db)).pictures.wanted).toBe(50);
  });

  it('an outcome puts a picture away, and a removed one is not brought back', async () => {
    await addReport('one', [shot('a', 1)]);
    await noteWanted(db);
    const row = await first('one');
    await db.write([storedFile(file('f')), pictureOutcome({ ...row, state: 'stored', hash: 'f' })]);
    expect(await dueReports(db, NOW, 10)).toEqual([]);
    await db.write([
      db.build.updateTable('feedbackPictures').set({ state: 'removed', hash: null }),
      pictureOutcome({ ...row, state: 'stored', hash: 'f' }),
    ]);
    expect(await first('one')).toMatchObject({ state: 'removed', hash: null });
    // Put away twice: one row, which says where it lies now.
    await db.write([storedFile(file('f', { place: 'bucket' }))]);
    expect(await fileOf(db, 'f')).toMatchObject({ place: 'bucket', size: 100 });
  });

  it('figures are numbers on an empty store and on a filled one', async () => {
    expect(await usedBytes(db)).toBe(0);
    await db.write([
      storedFile(file('f', { size: 2_000_000_000 })),
      storedFile(file('g', { thumbHash: 'g', size: 2_000_000_005 })),
      db.build
        .insertInto('crashLogs')
        .values({ accountId: 'a', feedbackId: 'c', bytes: Buffer.from([1, 2, 3]), size: 9, storedAt: NOW }),
    ]);
    expect(await archiveFigures(db)).toEqual({
      files: 2,
      symbols: { files: 0, bytes: 0 },
      bytes: 4_000_000_005,
      pictures: { wanted: 0, stored: 0, failed: 0, refused: 0, removed: 0 },
      logs: { count: 1, bytes: 3 },
    });
    expect((await withoutSmall(db, 5)).map(({ hash }) => hash)).toEqual(['f']);
    await db.write([shownSmallBy('f', '')]);
    expect(await withoutSmall(db, 5)).toEqual([]);
  });

  it('what is settled and old is let go, and what nothing uses is found', async () => {
    await addReport('old', [shot('a', 1)]);
    await addReport('open', [shot('b', 1)]);
    await addReport('loose', [shot('c', 1)]);
    const issue = (id: string, status: string) =>
      db.build.insertInto('issues').values({
        ...{ id, status, accountId: 'a', appId: 'app', kind: 'report', title: id, priority: 0, version: 1 },
        ...{ reportCount: 1, testerCount: 0, createdAt: NOW, updatedAt: NOW },
      });
    await db.write([
      issue('settled', 'resolved'),
      issue('going', 'inProgress'),
      db.build.updateTable('feedback').set({ createdDate: day(-40) }),
      db.build.updateTable('feedback').set({ issueId: 'settled' }).where('id', '=', 'old'),
      db.build.updateTable('feedback').set({ issueId: 'going' }).where('id', '=', 'open'),
    ]);
    await noteWanted(db);
    for (const id of ['old', 'open', 'loose']) {
      const row = await first(id);
      await db.write([
        storedFile(file(`f-${id}`, { thumbHash: `t-${id}` })),
        storedFile(file(`t-${id}`, { thumbHash: `t-${id}` })),
        pictureOutcome({ ...row, state: 'stored', hash: `f-${id}` }),
      ]);
    }
    const rules = (keepDays: number | null) => ({ quotaBytes: null, keepDays });
    expect(await expiredPictures(db, rules(null), NOW)).toEqual([]);
    expect(await expiredPictures(db, rules(41), NOW)).toEqual([]);
    expect((await expiredPictures(db, rules(39), NOW)).map(({ feedbackId }) => feedbackId)).toEqual(['old']);
    expect(await unusedFiles(db)).toEqual({ files: 0, bytes: 0 });
    const turn = {
      signal: new AbortController().signal,
      write: async (writes: readonly Write[]) => void (await db.write(writes)),
    };
    const removed: string[] = [];
    const place = {
      name: 'folder',
      remove: async (hash: string) => void removed.push(hash),
    } as unknown as Place;
    expect(await letExpiredGo(db, turn, rules(39), NOW)).toBe(1);
    expect(await first('old')).toMatchObject({ state: 'removed', hash: null });
    const swept = await sweep(db, turn, {
      current: 'folder',
      of: async (name) => (name === 'folder' ? place : null),
    });
    expect([swept, removed]).toEqual([{ files: 2, bytes: 200 }, ['f-old', 't-old']]);
    expect(await fileOf(db, 'f-open')).toMatchObject({ thumbHash: 't-open' });
  });

  it('rules and trouble are kept', async () => {
    expect(await readRules(db)).toEqual({ quotaBytes: null, keepDays: null });
    await db.write([rulesStatement({ quotaBytes: 5, keepDays: 30 }, NOW)]);
    expect(await readRules(db)).toEqual({ quotaBytes: 5, keepDays: 30 });
    await noteTrouble(db, 'full', NOW);
    await noteTrouble(db, 'full', NOW + 5);
    expect(await readTrouble(db)).toEqual({ words: 'full', since: NOW });
    await noteTrouble(db, null, NOW + 6);
    expect(await readTrouble(db)).toBe(null);
  });

  it('one at a time changes files', async () => {
    const never = new AbortController().signal;
    const deps = { db, clock: systemClock };
    const answer = await inTurn(deps, never, async (turn) => {
      await turn.write([storedFile(file('f'))]);
      return [await inTurn(deps, never, async () => 'second')];
    });
    expect(answer).toEqual([null]);
    expect(await inTurn(deps, never, async () => 'third')).toBe('third');
  });
});
