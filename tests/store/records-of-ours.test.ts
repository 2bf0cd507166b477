import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFirstAdmin, issueSetupToken } from '@/lib/access/first-run';
import { openKeyStore, rotateWrappingKey } from '@/lib/access/key-store';
import { consume, forgiveStatements } from '@/lib/access/login-limit';
import { actorOfSession, newSession, revokeStatement } from '@/lib/access/sessions';
import { forgiveTries, type Pace, takeTry } from '@/lib/access/sign-in-pace';
import {
  changeUser,
  createUser,
  EmailTakenError,
  findCredentials,
  LastAdminError,
  listUsers,
  setPasswordHash,
} from '@/lib/access/users';
import { listActs, listAudit } from '@/lib/audit/list';
import { begin, beginAll, finishStatement, record } from '@/lib/audit/trail';
import { verifyChain } from '@/lib/audit/verify';
import { claimJob } from '@/lib/jobs/claim';
import { controlJob, retargetJob } from '@/lib/jobs/control';
import { createJob, queueJob, storeDraft } from '@/lib/jobs/create';
import { dropFormerDrafts, dropOldDrafts, readDraftItems } from '@/lib/jobs/drafts';
import {
  ambiguousStatements,
  holdStatements,
  leaveStatements,
  outcomeStatements,
  pendingStatements,
  sendingStatements,
  unseenStatements,
} from '@/lib/jobs/outbox';
import { allItems, countItems, firstItems, jobsAmong, readItems, readJob, readJobs } from '@/lib/jobs/rows';
import { NO_EFFECT } from '@/lib/jobs/types';
import { jobViewer } from '@/lib/jobs/view';
import { StaleWriteError } from '@/lib/store/errors';
import { releaseLease } from '@/lib/store/lease';
import type { Store } from '@/lib/store/store';
import { ENGINES } from '@/tests/factories/stores';

const AT = 1_795_902_913_609;
const draft = (n: number) => ({
  at: AT + n,
  actorId: `u${n % 2}`,
  actorEmail: `u${n % 2}@example.com`,
  accountId: 'a',
  appId: n % 3 === 0 ? 'app' : 'other',
  action: 'update',
  type: 'betaGroups',
  resourceId: `g${n}`,
  label: `Group ${n}`,
  before: { attributes: { name: `Before ${n}` } },
  requested: { attributes: { name: `After ${n}` } },
});
const newJob = (title: string, items: number, more: object = {}) => ({
  ...{ kind: 'add-to-group', title, accountId: 'a', appId: 'app', params: { groupId: 'g' } },
  ...{ createdBy: 'u', createdByEmail: 'u@example.com' },
  items: Array.from({ length: items }, (_, n) => ({
    payload: { testerId: `t${n}`, groupId: 'g' },
    label: `T${n}`,
  })),
  ...more,
});

describe.each(ENGINES)('records of ours on $name', ({ open }) => {
  let db: Store;
  beforeEach(async () => {
    db = await open();
  });
  afterEach(() => db.close());

  describe('the audit chain', () => {
    it('is whole after many begin at once, and after whole batches', async () => {
      const all = [
        ...Array.from({ length: 20 }, (_, n) => begin(db, draft(n))),
        // As another process would: nothing is shared but the database.
        ...Array.from({ length: 5 }, (_, n) => begin({ ...db }, draft(100 + n))),
        beginAll({ ...db }, [draft(200), draft(201), draft(202)]),
      ];
      await Promise.all(all);
      expect(await beginAll(db, [])).toEqual([]);
      expect(await verifyChain(db, 7)).toEqual({ isWhole: true, checked: 28, redacted: 0 });
    });

    it('takes an outcome once, and tells it', async () => {
      const [one, two] = await beginAll(db, [draft(0), draft(1)]);
      if (!one || !two) throw new Error('Two were begun.');
      const finish = (status: 'succeeded' | 'failed' | 'unknown') =>
        db.write([finishStatement(one, { status, at: AT, after: { n: 1 }, appleRequestId: 'apple' })]);
      expect(await finish('unknown')).toEqual([1]);
      expect(await finish('succeeded')).toEqual([1]);
      expect(await finish('failed')).toEqual([0]);
      const { entries } = await listAudit(db, { limit: 10 });
      expect(entries).toMatchObject([
        { id: two.id, status: 'pending', after: draft(1).requested, before: draft(1).before },
        { id: one.id, status: 'succeeded', after: { n: 1 }, appleRequestId: 'apple', finishedAt: AT },
      ]);
      expect((await verifyChain(db)).isWhole).toBe(true);
    });

    it('writes nothing where a batch cannot be written whole', async () => {
      const full = { ...db, write: () => Promise.reject(new Error('full')) };
      await expect(beginAll(full, [draft(1), draft(2)])).rejects.toThrow('full');
      await expect(Promise.all([begin(full, draft(1)), begin(full, draft(2))])).rejects.toThrow('full');
      expect((await listAudit(db, { limit: 1 })).total).toBe(0);
      // What failed does not stand in the way of what comes next.
      await begin(db, draft(3));
      expect(await verifyChain(db)).toEqual({ isWhole: true, checked: 1, redacted: 0 });
    });
  });

  describe('activity', () => {
    const act = (n: number, more: object = {}) =>
      record(
        db,
        { ...draft(n), ...more },
        { status: 'succeeded', after: { attributes: { name: `After ${n}` } } },
      );
    const found = async (text: string, more: object = {}) => {
      const search = { text, appIds: [], actorIds: [], jobIds: [], ...more };
      return (await listAudit(db, { search, limit: 50 })).entries.map(({ resourceId }) => resourceId);
    };

    it('lists by filter and page by page, newest first, with what took an entry back', async () => {
      const ids: string[] = [];
      for (let n = 0; n < 7; n += 1) ids.push(await act(n));
      await act(7, { undoOf: ids[2] });
      const page = await listAudit(db, { appId: 'app', limit: 2 });
      expect([page.total, page.entries.map(({ resourceId }) => resourceId)]).toEqual([3, ['g6', 'g3']]);
      const next = await listAudit(db, { appId: 'app', limit: 2, cursor: page.nextCursor ?? 0 });
      expect([next.nextCursor, next.entries.map(({ resourceId }) => resourceId)]).toEqual([null, ['g0']]);
      const between = await listAudit(db, { from: AT + 2, to: AT + 4, limit: 9 });
      expect(between.entries.map(({ undoneBy }) => undoneBy === null)).toEqual([true, false]);
    });

    it('tells a job as one act, which stands where its first row does', async () => {
      const jobId = await createJob(db, newJob('Job', 1), AT);
      await act(0);
      await act(1, { jobId, resourceId: 'first' });
      await act(2);
      await act(3, { jobId });
      const { acts, total } = await listActs(db, { limit: 2 });
      expect([total, acts.map((one) => one.jobId)]).toEqual([3, [null, jobId]]);
      const about = { types: ['betaGroups'], jobKinds: ['add-to-group'] };
      expect((await listActs(db, { about, limit: 9 })).total).toBe(3);
      expect(
        (await listActs(db, { about: { types: ['apps'], jobKinds: ['add-to-group'] }, limit: 9 })).acts,
      ).toEqual([{ seq: acts[1]?.seq, jobId }]);
    });

    it('finds text in names, old and new, in upper and lower case, and nothing that only looks like a pattern', async () => {
      await act(1, { label: '100% Fun_Club' });
      await act(2, { names: { 'betaGroups/1': 'Père “Noël” \u0000\ud800 Über' } });
      await act(3);
      expect(await found('fUn_cL')).toEqual(['g1']);
      expect(await found('fun%club')).toEqual([]);
      expect(await found('noël')).toEqual(['g2']);
      expect(await found('AFTER 3')).toEqual(['g3']);
      expect(await found('nowhere', { actorIds: ['u1'] })).toEqual(['g3', 'g1']);
    });

    it('tells users under the word of now and of former versions alike', async () => {
      await act(1, { type: 'people' });
      await act(2, { type: 'users' });
      expect((await listAudit(db, { type: 'users', limit: 9 })).total).toBe(2);
      expect((await listAudit(db, { type: 'people', limit: 9 })).total).toBe(1);
    });
  });

  describe('jobs', () => {
    it('are stored with thousands of items, in order, and never seen half done', async () => {
      const items = Array.from({ length: 4321 }, (_, n) => ({
        payload: { n, 'odd "key"': 'ä' },
        label: n % 2 === 0 ? null : `Row ${n}`,
        ...(n % 1000 === 7
          ? { settled: { status: 'failed' as const, code: 'BAD', detail: `Row ${n}` } }
          : {}),
      }));
      const id = await createJob(db, newJob('Large', 0, { items }), AT);
      expect(await readJob(db, id)).toMatchObject({
        status: 'queued',
        total: 4321,
        failed: 5,
        params: { groupId: 'g' },
      });
      const stored = await allItems(db, id);
      expect(stored.map(({ position, payload }) => [position, payload])).toEqual(
        items.map(({ payload }, n) => [n, payload]),
      );
      expect(stored[1007]).toMatchObject({ status: 'failed', errorCode: 'BAD', finishedAt: AT });
      expect(await countItems(db, id)).toMatchObject({ pending: 4316, failed: 5, done: 0 });
      expect(await readItems(db, id, { status: ['failed', 'done'], after: 7, limit: 2 })).toMatchObject([
        { position: 1007 },
        { position: 2007 },
      ]);
    });

    it('are listed by filter and page by page, and drafts that were left over go', async () => {
      const ids: string[] = [];
      for (let n = 0; n < 3; n += 1) ids.push(await createJob(db, newJob(`J${n}`, 2), AT));
      await db.write([
        db.build
          .updateTable('jobs')
          .set({ status: 'draft' })
          .where('id', '=', ids[0] ?? ''),
      ]);
      const first = await readJobs(db, { appId: 'app', status: ['queued', 'done'], limit: 1 });
      const after = { createdAt: AT, id: first.jobs[0]?.id ?? '' };
      const second = await readJobs(db, { accountId: 'a', kind: 'add-to-group', limit: 5, after });
      expect([first.total, [...first.jobs, ...second.jobs].map(({ id }) => id).toSorted()]).toEqual([
        2,
        ids.slice(1).toSorted(),
      ]);
      await dropOldDrafts(db, AT + 25 * 3_600_000);
      expect([...(await jobsAmong(db, ids)).keys()].toSorted()).toEqual(ids.slice(1).toSorted());
      expect(await countItems(db, ids[0] ?? '')).toMatchObject({ pending: 0 });
    });

    it('are shown as drafts by what each row is, and only the newest of a maker stay', async () => {
      const mine = { createdBy: 'u1', createdByEmail: 'ann@example.com' };
      const items = ['invite', 'invalid', 'invite'].map((outcome, n) => ({
        ...{ payload: {}, label: null, shown: { outcome, n } },
      }));
      const ids: string[] = [];
      for (let n = 0; n < 6; n += 1) {
        ids.push(await storeDraft(db, { ...newJob(`D${n}`, 0), ...mine, kind: 'draft-kind', items }, AT + n));
      }
      const theirs = await storeDraft(db, { ...newJob('T', 1), createdBy: 'u2', kind: 'draft-kind' }, AT);
      await dropFormerDrafts(db, { ...mine, kind: 'draft-kind' });
      const left = await jobsAmong(db, [...ids, theirs]);
      expect([...left.keys()].toSorted()).toEqual([...ids.slice(1), theirs].toSorted());
      const newest = ids[5] ?? '';
      const only = { member: 'outcome', word: 'invite' };
      expect(await readDraftItems(db, newest, { only, offset: 1, limit: 5 })).toEqual([
        { outcome: 'invite', n: 2 },
      ]);
      expect(await readDraftItems(db, newest, { offset: 0, limit: 2 })).toHaveLength(2);
      await expect(queueJob(db, newest, AT, { ...mine, createdBy: 'u2' })).rejects.toThrow(StaleWriteError);
      await queueJob(db, newest, AT, mine);
      expect(await readDraftItems(db, newest, { offset: 0, limit: 5 })).toEqual([]);
      await db.write([db.build.updateTable('jobs').set({ status: 'done' }).where('id', '=', newest)]);
    });

    it('are taken by one of several workers each, also when they all ask at once', async () => {
      for (let n = 0; n < 4; n += 1) await createJob(db, newJob(`J${n}`, 1), AT + n);
      const workers = Array.from({ length: 6 }, (_, n) => `host-${n}/1/x/${randomUUID()}`);
      const claims = await Promise.all(workers.map((owner) => claimJob({ ...db }, owner, AT + 10)));
      const taken = claims.flatMap((claim) => claim?.job.id ?? []);
      expect(new Set(taken).size).toBe(taken.length);
      for (let n = 0; n < 4; n += 1) {
        const more = await claimJob(db, `late-${n}/1/x/${randomUUID()}`, AT + 10);
        if (more) taken.push(more.job.id);
      }
      expect([new Set(taken).size, taken.length]).toEqual([4, 4]);
      expect(await claimJob(db, 'host/9/x/y', AT + 10)).toBeNull();
    });

    it('wait for their time, are parked after three crashes, and are resumed with what was held waived', async () => {
      const later = await createJob(db, newJob('Later', 1, { scheduledAt: AT + 50 }), AT);
      expect(await claimJob(db, 'a/1/x/1', AT + 49)).toBeNull();
      for (let crash = 0; crash < 4; crash += 1) {
        const claim = await claimJob(db, `a/1/x/${crash}`, AT + 50);
        if (claim) await releaseLease(db, claim.lease);
      }
      expect(await readJob(db, later)).toMatchObject({ status: 'parked', crashes: 3, startedAt: AT + 50 });
      const hold = { kind: 'repeated', reason: 'r' } as const;
      await db.write([
        db.build.updateTable('jobs').set({ status: 'running' }).where('id', '=', later),
        ...holdStatements(later, { reason: 'why', hold, refused: [] }, AT),
      ]);
      expect(await readJob(db, later)).toMatchObject({ status: 'paused', error: 'why', hold });
      expect(await controlJob(db, later, 'resume', AT)).toBe(true);
      expect(await readJob(db, later)).toMatchObject({
        status: 'queued',
        crashes: 0,
        scheduledAt: null,
        hold: { ...hold, isWaived: true },
      });
      expect(await controlJob(db, later, 'resume', AT)).toBe(false);
      expect(await controlJob(db, later, 'pause', AT)).toBe(true);
      expect(await retargetJob(db, later, { from: 'g', to: 'new "g"' }, AT)).toBe(true);
      expect((await readJob(db, later))?.params).toEqual({ groupId: 'new "g"' });
      expect((await allItems(db, later))[0]?.payload).toEqual({ testerId: 't0', groupId: 'new "g"' });
      expect(await controlJob(db, later, 'cancel', AT + 60)).toBe(true);
      expect(await readJob(db, later)).toMatchObject({ status: 'cancelled', finishedAt: AT + 60 });
    });

    it('keep what became of each item, once, and tell their progress', async () => {
      const id = await createJob(db, newJob('Job', 6), AT);
      await claimJob(db, 'a/1/x/1', AT);
      const items = await allItems(db, id);
      const [one, two, three, four, five] = items;
      if (!one || !two || !three || !four || !five) throw new Error('There are six.');
      await db.write(sendingStatements(id, items.slice(0, 5), AT + 1));
      await expect(db.write(sendingStatements(id, [one], AT + 2))).rejects.toThrow();
      await db.write([
        ...outcomeStatements(id, one, { status: 'done', result: { ok: 1 } }, AT + 61_000, false),
        ...outcomeStatements(id, two, { status: 'failed', code: 'C', detail: 'd' }, AT + 61_000, false),
        ...outcomeStatements(id, three, { status: 'skipped', code: 'S', detail: 's' }, AT + 121_500, true),
        ...ambiguousStatements(id, [four], { code: 'Q', detail: 'q' }),
        ...pendingStatements(id, [five], { wasSent: false }),
      ]);
      await expect(db.write(outcomeStatements(id, one, { status: 'done' }, AT + 3, false))).rejects.toThrow();
      await db.write(unseenStatements(id, [{ item: one, code: NO_EFFECT, detail: 'n' }], AT + 5));
      const job = await readJob(db, id);
      expect(job).toMatchObject({ done: 1, failed: 1, skipped: 1, noEffect: 1, crashes: 0 });
      expect(await allItems(db, id)).toMatchObject([
        { status: 'done', result: { ok: 1 }, errorCode: NO_EFFECT, attempts: 1, sentAt: AT + 1 },
        { status: 'failed', errorCode: 'C', reconciledAt: null },
        { status: 'skipped', reconciledAt: AT + 121_500 },
        { status: 'ambiguous', attempts: 1 },
        { status: 'pending', attempts: 0 },
        { status: 'pending', attempts: 0 },
      ]);
      if (!job) throw new Error('It is there.');
      const other = await readJob(db, await createJob(db, newJob('Other', 2), AT));
      if (!other) throw new Error('It is there.');
      const view = await jobViewer(db, [job, other], AT + 130_000);
      expect(view(job, 1).counts).toMatchObject({
        total: 6,
        done: 1,
        failed: 1,
        ambiguous: 1,
        pending: 2,
        noEffect: 1,
      });
      expect(view(other, 1).counts).toMatchObject({ total: 2, pending: 2, done: 0 });
      expect([...(await firstItems(db, [id, other.id], 'done')).keys()]).toEqual([id]);
      expect((await firstItems(db, [id, other.id])).get(other.id)).toMatchObject({
        position: 0,
        label: 'T0',
      });

      await db.write(leaveStatements(id, 'done', null, AT + 7));
      expect(await controlJob(db, id, 'retry', AT + 8)).toBe(true);
      expect(await readJob(db, id)).toMatchObject({
        status: 'queued',
        done: 0,
        failed: 0,
        noEffect: 0,
        finishedAt: null,
      });
      expect((await allItems(db, id)).slice(0, 2)).toMatchObject([
        { status: 'pending', attempts: 1, errorCode: null, result: null },
        { status: 'pending', attempts: 0, errorCode: null },
      ]);
    });

    it('that are held give the items that were refused alike another turn', async () => {
      const id = await createJob(db, newJob('Held', 3), AT);
      await claimJob(db, 'a/1/x/1', AT);
      const items = await allItems(db, id);
      await db.write([
        ...sendingStatements(id, items, AT),
        ...items.flatMap((item) =>
          outcomeStatements(id, item, { status: 'failed', code: 'C', detail: 'd' }, AT, false),
        ),
      ]);
      const refused = items.slice(0, 2);
      await db.write(holdStatements(id, { reason: 'r', hold: { kind: 'role' }, refused }, AT));
      expect(await readJob(db, id)).toMatchObject({ status: 'paused', failed: 1, hold: { kind: 'role' } });
      expect(await countItems(db, id)).toMatchObject({ pending: 2, failed: 1 });
    });
  });

  describe('people', () => {
    const person = (email: string, role: 'admin' | 'viewer' = 'admin') => ({
      ...{ email, name: null, role, passwordHash: 'hash' },
    });

    it('are one admin at first, whoever is faster', async () => {
      await issueSetupToken(db, AT);
      const made = await Promise.all(
        ['a', 'b', 'c'].map((name) => createFirstAdmin({ ...db }, person(`${name}@example.com`), AT)),
      );
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await listUsers(db)).toHaveLength(1);
      expect(await issueSetupToken(db, AT)).toBeNull();
    });

    it('keep an admin, also when two take the role from each other at the same moment', async () => {
      const a = await createUser(db, person('B@Example.com'), AT);
      const b = await createUser(db, person('a@example.com'), AT);
      await expect(createUser(db, person(' b@example.com '), AT)).rejects.toBeInstanceOf(EmailTakenError);
      const outcomes = await Promise.allSettled([
        changeUser({ ...db }, a.id, { role: 'viewer' }, AT),
        changeUser({ ...db }, b.id, { role: 'viewer' }, AT),
      ]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect((await listUsers(db)).filter(({ role }) => role === 'admin')).toHaveLength(1);
      const [admin] = (await listUsers(db)).filter(({ role }) => role === 'admin');
      if (!admin) throw new Error('There is one.');
      await expect(changeUser(db, admin.id, { isDisabled: true }, AT)).rejects.toBeInstanceOf(LastAdminError);
      expect(await changeUser(db, admin.id, { name: 'Ada' }, AT)).toMatchObject({
        name: 'Ada',
        tokenVersion: 1,
      });
      expect((await listUsers(db)).map(({ email }) => email)).toEqual(['a@example.com', 'b@example.com']);
    });

    it('are known by sessions until these end', async () => {
      const user = await createUser(db, person('a@example.com', 'viewer'), AT);
      const { claims, statements } = newSession(user, AT, 'agent');
      await db.write(statements);
      expect(await actorOfSession(db, claims, AT + 1)).toMatchObject({ id: user.id, role: 'viewer' });
      const other = newSession(user, AT, null);
      await db.write([...other.statements, revokeStatement(claims.sessionId, AT + 2)]);
      expect(await actorOfSession(db, claims, AT + 3)).toBeNull();
      expect(await actorOfSession(db, other.claims, AT + 3)).not.toBeNull();
      const unkept = { ...other.claims, sessionId: 'nowhere', unkeptSince: AT };
      expect(await actorOfSession(db, unkept, AT + 4)).toMatchObject({ id: user.id });
      await setPasswordHash(db, user.id, { passwordHash: 'new', isTemporary: true }, AT + 5);
      expect(await actorOfSession(db, other.claims, AT + 6)).toBeNull();
      expect(await findCredentials(db, 'A@example.com')).toMatchObject({
        passwordHash: 'new',
        user: { tokenVersion: 2, lastSignInAt: AT },
      });
    });

    it('may try so often and no more, also at the same moment, until the window is over', async () => {
      const limit = { key: 'setup', points: 3, windowMs: 1000 };
      const tries = await Promise.all(Array.from({ length: 8 }, () => consume({ ...db }, [limit], AT)));
      expect(tries.filter((one) => one === null)).toHaveLength(3);
      expect(await consume(db, [limit], AT + 999)).toEqual({ retryAt: AT + 1000 });
      expect(await consume(db, [limit], AT + 1000)).toBeNull();
      await db.write(forgiveStatements('setup', AT + 1000));
      for (let n = 0; n < 3; n += 1) expect(await consume(db, [limit], AT + 1001)).toBeNull();
    });

    it('sign in at a pace, take all turns or none, and are forgiven', async () => {
      const [own, shared]: Pace[] = [
        { key: 'pace:z', free: 3 },
        { key: 'pace-at:1', free: 9 },
      ];
      if (!own || !shared) throw new Error('There are two.');
      const attempt = (now: number) => takeTry({ ...db }, [own, shared], now);
      const tries = await Promise.all(Array.from({ length: 7 }, () => attempt(AT)));
      expect(tries.filter((one) => one === null)).toHaveLength(3);
      expect(tries.find((one) => one !== null)).toEqual({ retryAt: AT + 5000 });
      const rows = await db.read(db.build.selectFrom('loginLimits').select(['key', 'points']).orderBy('key'));
      expect(rows).toEqual([
        { key: 'pace-at:1', points: 3 },
        { key: 'pace:z', points: 3 },
      ]);
      await db.write(forgiveTries([own, shared], AT + 1));
      expect(await attempt(AT + 1)).toBeNull();
    });
  });

  describe('stored keys', () => {
    const key = (byte: number) => new Uint8Array(32).fill(byte);
    const account = (id: string, sealedKey: string) =>
      db.build.insertInto('Account').values({
        ...{ id, name: id, kind: 'team', keyId: id, baseUrl: 'x', sealedKey },
        ...{ createdAt: AT, updatedAt: AT },
      });

    const opened = async (under: Uint8Array) => {
      const keys = await openKeyStore(db, under, AT + 2);
      const rows = await db.prisma.account.findMany({ orderBy: { id: 'asc' } });
      return Promise.all(rows.map((row) => keys.open(row)));
    };
    const stored = async () => {
      const keys = await openKeyStore(db, key(1), AT);
      await db.write([account('one', await keys.seal('one', 1, 'first')), keys.guard()]);
      const two = account('two', await keys.seal('two', 1, 'second'));
      return () => db.write([two, keys.guard()]);
    };

    it('are put under another key, and none is stored under the former one afterwards', async () => {
      const store = await stored();
      expect(await rotateWrappingKey(db, key(1), key(2), AT + 1)).toBe(1);
      await expect(store()).rejects.toBeInstanceOf(StaleWriteError);
      expect(await opened(key(2))).toEqual(['first']);
    });

    it('stay as they are when one is stored while they are put under another key', async () => {
      const store = await stored();
      const late: Store = {
        ...db,
        async write(...given) {
          await store();
          return db.write(...given);
        },
      };
      await expect(rotateWrappingKey(late, key(1), key(2), AT + 1)).rejects.toBeInstanceOf(StaleWriteError);
      expect(await opened(key(1))).toEqual(['first', 'second']);
    });

    it('are all under one key, whoever is faster', async () => {
      const store = await stored();
      const [rotated, added] = await Promise.allSettled([
        rotateWrappingKey({ ...db }, key(1), key(2), AT + 1),
        store(),
      ]);
      const all = await opened(key(rotated.status === 'fulfilled' ? 2 : 1));
      expect(all).toEqual(added.status === 'fulfilled' ? ['first', 'second'] : ['first']);
    });
  });
});
