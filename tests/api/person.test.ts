import { existsSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { record } from '@/lib/audit/trail';
import { verifyChain } from '@/lib/audit/verify';
import { systemClock } from '@/lib/clock';
import type { Ctx } from '@/lib/services/ctx';
import { archivePictures } from '@/lib/services/feedback/archive-lane';
import { collectLogs, takeInFeedback } from '@/lib/services/feedback/collect';
import { workOnErasures } from '@/lib/services/person/erase';
import { readAfresh } from '@/lib/services/resources/refresh';
import { ACCOUNT, type ApiBench, apiBench, ORIGIN } from '@/tests/factories/context';
import { ENGINE } from '@/tests/factories/database';
import { dispatch } from '@/tests/factories/routes';
import { MODELS } from '@/tests/factories/schema-models';
import { sandboxClient, syncOnce } from '@/tests/factories/synced';

const CRASH = 'betaFeedbackCrashSubmissions';
const SHOT = 'betaFeedbackScreenshotSubmissions';
const ADDRESS = 'quokka.vexillum@example.com';
const FIRST = 'Zephyrine';
const LAST = 'Quokkadottir';
/** Nobody else’s: what of these is found anywhere is the person’s. */
const TRACES = [
  ADDRESS,
  'quokka.vexillum%40example.com',
  LAST,
  'beyond the marmalade bridge',
  'dislikes mondays',
];
const COMMENT = 'Froze beyond the marmalade bridge.\nSecond line, twice.';
const never = new AbortController().signal;

let bench: ApiBench;
let ahead = 0;
let worker: Ctx;
let tester: { id: string; appId: string };
let mine: { crash: string; shot: string };
let other: { crash: string; shot: string };

async function begin(): Promise<void> {
  ahead = 0;
  bench = await apiBench({
    clock: { ...systemClock, now: () => Date.now() + ahead },
    isMirrored: false,
  });
  worker = bench.app.ctx({ kind: 'system', name: 'worker' }, 'test');
  await becomeKnown();
}

/** One person of the programme gets an address of their own at Apple, and is written of everywhere here. */
async function becomeKnown(): Promise<void> {
  const { store } = bench.sandbox.parts().world;
  const all = (type: string) =>
    [...store.all(type).values()].sort((one, next) => (one.id < next.id ? -1 : 1));
  const testerOf = ({ relationships }: { relationships: Readonly<Record<string, unknown>> }) =>
    String(relationships.tester);
  const both = all(CRASH).find(
    (crash) => crash.relationships.tester && all(SHOT).some((shot) => testerOf(shot) === testerOf(crash)),
  );
  const id = both ? testerOf(both) : '';
  const atApple = store.get('betaTesters', id);
  tester = { id, appId: atApple?.appId ?? '' };
  const ofApp = (type: string, isTheirs: boolean) =>
    all(type).find((one) => one.appId === tester.appId && (testerOf(one) === id) === isTheirs)?.id ?? '';
  mine = { crash: ofApp(CRASH, true), shot: ofApp(SHOT, true) };
  other = { crash: ofApp(CRASH, false), shot: ofApp(SHOT, false) };
  Object.assign(atApple?.attributes ?? {}, {
    email: 'Quokka.Vexillum@example.com',
    firstName: FIRST,
    lastName: LAST,
  });
  for (const report of [...all(CRASH), ...all(SHOT)])
    if (testerOf(report) === id)
      Object.assign(report.attributes, { email: ADDRESS, comment: COMMENT, locale: 'nb-NO' });
  Object.assign(store.get(SHOT, other.shot)?.attributes ?? {}, {
    comment: `Same as ${ADDRESS} told me.`,
    email: 'somebody.else@example.org',
  });
  await syncOnce(bench.db, sandboxClient(bench.sandbox), { accountId: ACCOUNT });
  await takeInFeedback(worker, ACCOUNT);
  await collectLogs(worker, ACCOUNT, never);
  await archivePictures(worker, never);
  await writeOfThem();
}

async function writeOfThem(): Promise<void> {
  const { db } = bench;
  const insert = db.build.insertInto.bind(db.build);
  const own = bench.users.admin.id;
  const [{ issueId } = { issueId: '' }] = await db.query<{ issueId: string }>(
    'SELECT issueId FROM feedback WHERE id = ?',
    [mine.shot],
  );
  await db.write([
    insert('testerNotes').values({
      ...{ accountId: ACCOUNT, appId: tester.appId, testerId: tester.id, protected: 1, updatedAt: 1 },
      note: 'Dislikes mondays, dislikes mondays a lot.',
    }),
    insert('testerTags').values({
      ...{ accountId: ACCOUNT, appId: tester.appId, testerId: tester.id, tag: 'loud', createdAt: 1 },
    }),
    insert('testerEvents').values({
      ...{ accountId: ACCOUNT, appId: tester.appId, testerId: tester.id, emailLower: ADDRESS, at: 1 },
      kind: 'state',
    }),
    insert('testerDays').values({
      ...{ accountId: ACCOUNT, appId: tester.appId, testerId: tester.id, day: '2020-01-01', sessionCount: 3 },
    }),
    insert('issueNotes').values({
      ...{ id: 'note', issueId, authorId: own, createdAt: 1, updatedAt: 1 },
      text: `Asked ${FIRST} ${LAST} (${ADDRESS}); see also mada@example.com.`,
    }),
    insert('issueLabels').values({ issueId, label: ADDRESS, createdAt: 1 }),
    insert('feedbackDrawings').values({
      ...{ id: 'drawn', accountId: ACCOUNT, feedbackId: mine.shot, position: 0, hash: 'd'.repeat(64) },
      ...{ width: 1, height: 1, createdAt: 1, createdBy: own },
    }),
    insert('savedReplies').values({
      ...{ id: 'reply', name: 'Hi', subject: '', body: `To ${ADDRESS}`, createdAt: 1, updatedAt: 1 },
    }),
    insert('noteTemplates').values({
      ...{
        id: 'template',
        accountId: ACCOUNT,
        appId: tester.appId,
        name: 'Weekly',
        createdAt: 1,
        updatedAt: 1,
      },
      texts: JSON.stringify({ 'en-US': `Ask ${ADDRESS}` }),
    }),
    insert('shipTemplates').values({
      ...{ id: 'ships', accountId: ACCOUNT, appId: tester.appId, name: 'Weekly', createdAt: 1, updatedAt: 1 },
      choices: JSON.stringify({ notes: { 'en-US': `Ask ${ADDRESS}` }, groupNames: {} }),
    }),
    insert('savedViews').values({
      ...{ id: 'view', page: 'testers', name: 'Theirs', query: `q=${encodeURIComponent(ADDRESS)}` },
      ...{ shared: 1, ownerId: own, createdAt: 1, updatedAt: 1 },
    }),
    insert('drafts').values({ userId: own, key: 'k', value: JSON.stringify({ to: ADDRESS }), updatedAt: 1 }),
    insert('handovers').values({
      ...{
        id: 'hand',
        connectorId: 'c',
        issueId,
        state: 'sent',
        title: 'T',
        turnUntil: 0,
        sentAt: 1,
        createdAt: 1,
      },
      body: `From ${ADDRESS}: ${COMMENT}`,
    }),
    insert('handovers').values({
      ...{ id: 'own', connectorId: 'c', issueId, feedbackId: mine.shot, state: 'sent', title: 'T' },
      ...{ turnUntil: 0, sentAt: 1, createdAt: 2, body: 'Language: nb-NO', key: 'octo/app#1' },
    }),
    ...['done', 'draft'].flatMap((status) => [
      insert('jobs').values({
        ...{ id: `job-${status}`, kind: 'import-testers', status, title: `Invite ${ADDRESS}`, params: '{}' },
        ...{ createdAt: 1, updatedAt: 1, total: 1 },
      }),
      insert('jobItems').values({
        ...{ jobId: `job-${status}`, position: 0, status: status === 'done' ? 'done' : 'pending' },
        payload: JSON.stringify({ email: ADDRESS, firstName: FIRST, lastName: LAST }),
        label: ADDRESS,
      }),
    ]),
    insert('shareLinks').values({
      ...{ id: 'share', hash: 'h', kind: 'report', accountId: ACCOUNT, appId: tester.appId },
      ...{ targetId: mine.shot, createdAt: 1, createdBy: own, expiresAt: Date.now() + 1e9 },
    }),
    insert('documents').values({
      ...{ accountId: ACCOUNT, type: 'answers', id: `/v1/${CRASH}/${mine.crash}/crashLog?`, fetchedAt: 1 },
      ...{ parent: 'betaCrashLogs', document: JSON.stringify({ logText: 'Beyond the marmalade bridge' }) },
    }),
    // Somebody else’s picture is the same file.
    {
      sql: `UPDATE feedbackPictures SET hash = (SELECT hash FROM feedbackPictures WHERE feedbackId = ? AND hash IS NOT NULL
            ORDER BY position LIMIT 1) WHERE feedbackId = ? AND position = 0`,
      params: [mine.shot, other.shot],
    },
    // Somebody else’s app said the address in its last words.
    {
      sql: 'UPDATE crashLogs SET bytes = ? WHERE feedbackId = ?',
      params: [
        gzipSync(`${await logText(other.crash)}\nApplication Specific Information:\nno ${ADDRESS}`),
        other.crash,
      ],
    },
  ]);
  const about = { accountId: ACCOUNT, appId: tester.appId, actorId: own, actorEmail: 'admin@example.com' };
  await record(
    db,
    {
      ...about,
      ...{ at: 5, action: 'delete', type: 'betaTesters', resourceId: tester.id, label: ADDRESS },
      before: { attributes: { email: ADDRESS, firstName: FIRST, lastName: LAST } },
      names: { [`betaTesters/${tester.id}`]: `${FIRST} ${LAST}` },
    },
    { status: 'succeeded', after: { told: `${FIRST} ${LAST}` } },
  );
  await record(
    db,
    {
      ...about,
      ...{ at: 6, action: 'update', type: 'testerRecords', resourceId: tester.id, label: `${FIRST} ${LAST}` },
      before: { tags: '', note: 'Dislikes mondays', protected: false },
    },
    {
      status: 'succeeded',
      after: { tags: 'loud', note: 'Dislikes mondays, dislikes mondays a lot.', protected: true },
    },
  );
  await record(
    db,
    {
      ...about,
      ...{ at: 8, action: 'update', type: 'issues', resourceId: 'of-others', label: COMMENT.split('\n')[0] },
    },
    { status: 'succeeded', after: { status: 'triaged' } },
  );
  await record(
    db,
    { ...about, at: 7, action: 'update', type: 'issues', resourceId: issueId, label: COMMENT.split('\n')[0] },
    { status: 'succeeded', after: { status: 'triaged' } },
  );
}

async function logText(id: string): Promise<string> {
  const [row] = await bench.db.query<{ bytes: Uint8Array }>(
    'SELECT bytes FROM crashLogs WHERE feedbackId = ?',
    [id],
  );
  return row ? gunzipSync(row.bytes).toString() : '';
}

const look = (address: string, as: 'admin' | 'manager' | 'triager' | 'viewer' = 'admin') =>
  bench.call('POST', '/api/person', { as, body: { address } });
const order = (confirm?: string) =>
  bench.call('POST', '/api/person/erasures', { body: { address: ADDRESS, confirm } });

/** Where anything of the person stands in the store, but for what Apple says and the team’s own people. */
async function traces(): Promise<string[]> {
  const found: string[] = [];
  for (const { name, table } of MODELS) {
    if (['BetaTester', 'User'].includes(name)) continue;
    for (const row of await bench.db.query<Record<string, unknown>>(`SELECT * FROM "${table}"`)) {
      if (row.resourceId === 'of-others') continue;
      const text = Object.values(row)
        .map((value) => {
          if (!(value instanceof Uint8Array)) return String(value);
          return value[0] === 0x1f && value[1] === 0x8b ? gunzipSync(value).toString() : '';
        })
        .join('\n')
        .toLowerCase();
      for (const trace of TRACES) if (text.includes(trace.toLowerCase())) found.push(`${name}: ${trace}`);
    }
  }
  return [...new Set(found)].sort();
}

const pictureOf = async (id: string) =>
  (
    await bench.db.query<{ hash: string | null; state: string }>(
      'SELECT hash, state FROM feedbackPictures WHERE feedbackId = ? ORDER BY position',
      [id],
    )
  ).map(({ hash, state }) => ({ hash, state }));
const fileOf = (hash: string) => path.join(bench.db.folder, 'archive', hash.slice(0, 2), hash.slice(2));

const issueRows = () =>
  bench.db.query<Record<string, unknown>>(
    'SELECT id, kind, status, assigneeId, reportCount, testerCount, firstDate, lastDate, crashKind, topFrame FROM issues ORDER BY id',
  );

describe('what is known of a person', () => {
  beforeAll(begin, 180_000);
  afterAll(() => bench.close());

  it('is for admins, and others are not told whether there is anybody', async () => {
    for (const as of ['viewer', 'triager', 'manager'] as const) {
      const [known, unknown] = [await look(ADDRESS, as), await look('nobody@example.com', as)];
      expect([known.status, unknown.status]).toEqual([403, 403]);
      const plain = ({ body }: typeof known) => ({
        ...body.errors[0],
        id: '',
        meta: body.errors[0].meta.permission,
      });
      expect(plain(known)).toEqual(plain(unknown));
      for (const path of ['/api/person/export', '/api/person/erasures'])
        expect((await bench.call('POST', path, { as, body: { address: ADDRESS } })).status).toBe(403);
    }
    expect((await look('nobody at all')).status).toBe(400);
    expect((await look('nobody@example.com')).body.data).toMatchObject({ kinds: [], erasures: [] });
  });

  it('is counted by kind and app, whatever the case of the address', async () => {
    const { body } = await look(' QUOKKA.vexillum@EXAMPLE.com ');
    const counts = Object.fromEntries(
      body.data.kinds.map(({ kind, count }: { kind: string; count: number }) => [kind, count]),
    );
    expect(counts).toMatchObject({
      ...{
        notes: 1,
        tags: 1,
        handedOver: 1,
        issueNotes: 1,
        issueLabels: 1,
        savedViews: 1,
        drafts: 1,
        handovers: 1,
      },
      ...{ comments: 1, shareLinks: 1, jobItems: 2, jobs: 2, audit: 3 },
    });
    expect(counts.reports).toBeGreaterThan(1);
    expect(counts.logs).toBeGreaterThan(0);
    expect(counts.pictures).toBeGreaterThan(0);
    const reports = body.data.kinds.find(({ kind }: { kind: string }) => kind === 'reports');
    expect(reports.apps[0].name).not.toBe('An app that is gone');
    expect(body.data.atApple.testers.length).toBeGreaterThan(0);
  });

  it('is erased once the address is typed, not while jobs are about them, and never of nobody', async () => {
    expect((await order()).body.errors[0].code).toBe('FLIGHTDECK.CONFIRM');
    expect((await order('quokka')).status).toBe(409);
    await bench.db.write([{ sql: `UPDATE jobs SET status = 'paused' WHERE id = 'job-done'`, params: [] }]);
    const busy = await order(ADDRESS);
    expect([busy.status, busy.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.BUSY']);
    expect((await look(ADDRESS)).body.data.busyJobs).toEqual([
      { id: 'job-done', title: `Invite ${ADDRESS}` },
    ]);
    const none = await bench.call('POST', '/api/person/erasures', {
      body: { address: 'nobody@example.com', confirm: 'nobody@example.com' },
    });
    expect(none.status).toBe(404);
    expect(await workOnErasures(worker, never)).toBe(false);
  });

  it('is exported as a zip, once asked for, and the trail names nobody', async () => {
    const { status, body } = await bench.call('POST', '/api/person/export', { body: { address: ADDRESS } });
    expect(status).toBe(201);
    expect(decodeURIComponent(body.data.id)).not.toContain('quokka');
    const get = (id: string) =>
      dispatch(
        new Request(`${ORIGIN}/api/person/export/${encodeURIComponent(id)}`, {
          headers: { cookie: bench.cookies.admin },
        }),
      );
    const response = await get(body.data.id);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip']);
    const files = unzip(Buffer.from(await response.arrayBuffer()));
    const names = [...files.keys()];
    expect(names).toEqual(
      expect.arrayContaining([
        'person.json',
        'data/reports.json',
        'data/notes.json',
        'data/audit.json',
        'reports.csv',
      ]),
    );
    expect(names.some((name) => name.startsWith('logs/'))).toBe(true);
    expect(names.some((name) => name.startsWith('pictures/'))).toBe(true);
    expect(files.get('data/notes.json')?.toString()).toContain('Dislikes mondays');
    expect(files.get('data/logsOfOthers.json')?.toString()).toContain(`no ${ADDRESS}`);
    expect(JSON.parse(files.get('data/reports.json')?.toString() ?? '')[0].document.comment).toBe(COMMENT);
    const activity = await bench.call('GET', '/api/activity');
    expect(activity.text).toContain('exported all that is known of');
    const [entry] = await bench.db.query<{ label: string }>(
      `SELECT label FROM auditEntries WHERE type = 'persons' AND action = 'export'`,
    );
    expect(entry?.label).toMatch(/^Person [0-9a-f]{8}$/);
    // Somebody else’s download, one of another time, and one that was made up.
    ahead += 11 * 60_000;
    for (const id of [body.data.id, `${Date.now() + 1e9}.v1.a.b`, 'x'])
      expect((await get(id)).status, id).toBe(404);
  });
});

describe('erasing a person', () => {
  beforeEach(begin, 180_000);
  afterEach(() => bench.close());

  it('leaves nothing of them, and everything of others; issues keep their state and figures', async () => {
    await bench.db.write([
      { sql: `UPDATE issues SET status = 'inProgress', assigneeId = 'somebody'`, params: [] },
    ]);
    expect((await traces()).length).toBeGreaterThan(12);
    const before = await issueRows();
    const [shared, ...rest] = (await pictureOf(mine.shot)).map(({ hash }) => hash ?? '');
    const othersLog = await logText(other.crash);
    const ordered = await order(ADDRESS.toUpperCase());
    expect([ordered.status, ordered.body.data.state]).toEqual([202, 'running']);
    // Ordered twice is ordered once.
    expect((await order(ADDRESS)).body.data.id).toBe(ordered.body.data.id);
    expect(await workOnErasures(worker, never)).toBe(false);
    expect(await traces()).toEqual([]);
    expect(await issueRows()).toEqual(before);
    // Pictures: one is another’s too, the others are gone with what showed them small.
    expect(existsSync(fileOf(shared ?? ''))).toBe(true);
    for (const hash of rest.filter(Boolean)) expect(existsSync(fileOf(hash)), hash).toBe(false);
    expect(new Set((await pictureOf(mine.shot)).map(({ state }) => state))).toEqual(new Set(['removed']));
    expect((await pictureOf(other.shot))[0]).toEqual({ hash: shared, state: 'stored' });
    // Others: their words without the address, everything else as it was.
    expect(await logText(other.crash)).toBe(othersLog.replaceAll(ADDRESS, await pseudonym()));
    const [comment] = await bench.db.query<{ comment: string; email: string }>(
      'SELECT comment, email FROM feedback WHERE id = ?',
      [other.shot],
    );
    expect(comment).toEqual({
      comment: `Same as ${await pseudonym()} told me.`,
      email: 'somebody.else@example.org',
    });
    const [note] = await bench.db.query<{ text: string }>(`SELECT text FROM issueNotes WHERE id = 'note'`);
    expect(note?.text).toBe(`Asked ${await pseudonym()} (${await pseudonym()}); see also mada@example.com.`);
    expect(await bench.db.query('SELECT note, protected FROM testerNotes')).toEqual([
      { note: null, protected: 1 },
    ]);
    expect(await bench.db.query(`SELECT title, body, key FROM handovers WHERE id = 'own'`)).toEqual([
      { title: await pseudonym(), body: '', key: 'octo/app#1' },
    ]);
    expect(await bench.db.query(`SELECT id FROM jobs WHERE id LIKE 'job-%'`)).toEqual([{ id: 'job-done' }]);
    const { body } = await look(ADDRESS);
    expect(body.data.kinds.every(({ isApples }: { isApples: boolean }) => isApples)).toBe(true);
    const [erasure] = body.data.erasures;
    expect(erasure).toMatchObject({ state: 'done', trouble: null });
    expect(erasure.erased).toEqual(erasure.found);
    expect(erasure.found).toMatchObject({ drawings: 1, savedReplies: 1, noteTemplates: 1, shipTemplates: 1 });
    expect(await bench.db.query('SELECT id FROM feedbackDrawings')).toEqual([]);
    expect(body.data.atApple.reports.length).toBe(erasure.found.reports);
    const page = await bench.call('GET', `/api/feedback/${mine.crash}`);
    expect([page.status, page.body.data.comment, page.body.data.log.state]).toEqual([200, null, 'erased']);
  });

  it('keeps the activity, which says itself what was taken out and is still proven', async () => {
    const whole = await verifyChain(bench.db);
    expect(whole).toMatchObject({ isWhole: true, redacted: 0 });
    await order(ADDRESS);
    await workOnErasures(worker, never);
    expect(await verifyChain(bench.db)).toMatchObject({ isWhole: true, redacted: 3 });
    const { text } = await bench.call('GET', '/api/activity');
    expect(text).toContain('erased what was known of');
    expect(text).toContain('out of 3 entries of the activity');
    // Somebody else wrote the same.
    expect(await bench.db.query('SELECT label, redactedBy FROM auditEntries WHERE at = 8')).toEqual([
      { label: COMMENT.split('\n')[0], redactedBy: null },
    ]);
    const rows = await bench.db.query<{
      id: string;
      actorEmail: string;
      at: number;
      type: string;
      label: string;
    }>('SELECT id, actorEmail, at, type, label FROM auditEntries WHERE redactedBy IS NOT NULL ORDER BY seq');
    expect(rows.map(({ at, actorEmail, type }) => [Number(at), actorEmail, type])).toEqual([
      [5, 'admin@example.com', 'betaTesters'],
      [6, 'admin@example.com', 'testerRecords'],
      [7, 'admin@example.com', 'issues'],
    ]);
    const undo = await bench.call('POST', `/api/activity/${rows[1]?.id}/undo`);
    expect([undo.status, undo.text]).toEqual([409, expect.stringContaining('data was erased since')]);
    // The database itself lets nobody change them again, nor say that a person was taken out of others.
    for (const change of [
      "label = 'Somebody'",
      `label = 'x', redactedBy = '${rows[1]?.id}'`,
      "redactedBy = 'x'",
    ])
      await expect(
        bench.db.write([{ sql: `UPDATE auditEntries SET ${change} WHERE at = 5`, params: [] }]),
        change,
      ).rejects.toThrow(/append-only|already known/);
    // Who gets around that is found.
    await bench.db.write([
      {
        sql: `DROP TRIGGER "auditEntries_labels"${ENGINE === 'postgres' ? ' ON "auditEntries"' : ''}`,
        params: [],
      },
      {
        sql: `DROP TRIGGER "auditEntries_outcome"${ENGINE === 'postgres' ? ' ON "auditEntries"' : ''}`,
        params: [],
      },
    ]);
    for (const change of ["label = 'Somebody'", `redactedBy = '${rows[1]?.id}'`, 'redactedBy = NULL']) {
      const [was] = await bench.db.query<{ label: string; redactedBy: string }>(
        'SELECT label, redactedBy FROM auditEntries WHERE at = 5',
      );
      await bench.db.write([{ sql: `UPDATE auditEntries SET ${change} WHERE at = 5`, params: [] }]);
      expect((await verifyChain(bench.db)).broken?.reason, change).toBe(
        'What was intended has been changed.',
      );
      await bench.db.write([
        {
          sql: 'UPDATE auditEntries SET label = ?, redactedBy = ? WHERE at = 5',
          params: [was?.label ?? null, was?.redactedBy ?? null],
        },
      ]);
    }
    expect((await verifyChain(bench.db)).isWhole).toBe(true);
  });

  it('outlives the next sync, a page that is read anew, and reports that were not here before', async () => {
    await bench.db.write([{ sql: 'DELETE FROM feedback WHERE id = ?', params: [mine.crash] }]);
    await order(ADDRESS);
    await workOnErasures(worker, never);
    const before = await issueRows();
    await syncOnce(bench.db, sandboxClient(bench.sandbox), { accountId: ACCOUNT, mode: 'full' });
    await readAfresh(
      worker,
      { accountId: ACCOUNT, type: SHOT, id: mine.shot, appId: tester.appId },
      { lane: 'sync' },
    );
    await takeInFeedback(worker, ACCOUNT);
    await collectLogs(worker, ACCOUNT, never);
    await archivePictures(worker, never);
    // What is asked of Apple on the way is passed on, and not kept.
    const passed = await bench.call('GET', `/api/v1/${CRASH}/${mine.crash}/crashLog`);
    expect(passed.status).toBe(200);
    expect(await bench.db.query(`SELECT id FROM documents WHERE parent = 'betaCrashLogs'`)).toEqual([]);
    expect(await traces()).toEqual([]);
    // The one that came for the first time is counted; the others are as they were.
    const after = await issueRows();
    expect(after.filter((row) => before.some(({ id }) => id === row.id))).toEqual(before);
    const [came] = await bench.db.query<{ comment: string | null; logState: string }>(
      'SELECT comment, logState FROM feedback WHERE id = ?',
      [mine.crash],
    );
    expect(came).toEqual({ comment: null, logState: 'erased' });
    // Apple’s own list of testers is Apple’s.
    const [still] = await bench.db.query<{ emailLower: string }>(
      'SELECT emailLower FROM betaTesters WHERE id = ?',
      [tester.id],
    );
    expect(still?.emailLower).toBe(ADDRESS);
    expect((await bench.call('GET', `/api/feedback/${mine.shot}`)).text).not.toContain('marmalade');
  });

  it('goes on where it was killed, wherever that was', async () => {
    await order(ADDRESS);
    const before = await issueRows();
    let deaths = 0;
    for (let most = 3; most < 200; most += 1) {
      try {
        if (!(await workOnErasures(dying(worker, most), never))) break;
      } catch (error) {
        if (!(error instanceof Error) || error.message !== 'killed') throw error;
        deaths += 1;
        // Its leases end.
        ahead += 60_000;
      }
    }
    expect(deaths).toBeGreaterThan(5);
    expect(await traces()).toEqual([]);
    expect(await issueRows()).toEqual(before);
    expect(await verifyChain(bench.db)).toMatchObject({ isWhole: true });
    const known = new Set(
      (await bench.db.query<{ hash: string }>('SELECT hash FROM archivedFiles')).map(({ hash }) => hash),
    );
    const { data } = (await look(ADDRESS)).body;
    expect(data.erasures[0].state).toBe('done');
    for (const { hash } of await pictureOf(other.shot)) if (hash) expect(known.has(hash)).toBe(true);
  });
});

const pseudonym = async () => {
  const [row] = await bench.db.query<{ pseudonym: string }>('SELECT pseudonym FROM erasures');
  return row?.pseudonym ?? '';
};

/** A process that dies after so many writes. */
function dying(ctx: Ctx, most: number): Ctx {
  let left = most;
  const db = {
    ...ctx.db,
    write: async (...given: Parameters<typeof ctx.db.write>) => {
      if (left <= 0) throw new Error('killed');
      left -= 1;
      return ctx.db.write(...given);
    },
  };
  return { ...ctx, db };
}

/** The files of a zip that was made as a stream: sizes stand in its directory. */
function unzip(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'));
  let at = zip.readUInt32LE(end + 16);
  for (let n = zip.readUInt16LE(end + 10); n > 0; n -= 1) {
    const [method, packed] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((place) => zip.readUInt16LE(at + place)) as [
      number,
      number,
      number,
    ];
    const header = zip.readUInt32LE(at + 42);
    const from = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const bytes = zip.subarray(from, from + packed);
    files.set(
      zip.subarray(at + 46, at + 46 + name).toString(),
      method === 8 ? inflateRawSync(bytes) : Buffer.from(bytes),
    );
    at += 46 + name + extra + comment;
  }
  return files;
}
