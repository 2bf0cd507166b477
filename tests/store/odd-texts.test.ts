import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listActs, listAudit } from '@/lib/audit/list';
import { begin, finishStatement, record } from '@/lib/audit/trail';
import { verifyChain } from '@/lib/audit/verify';
import { createJob, storeDraft } from '@/lib/jobs/create';
import { allItems, readItems, readJobs } from '@/lib/jobs/rows';
import { getMirror } from '@/lib/mirror/query';
import { queryMirror } from '@/lib/mirror/query/list';
import type { ResourceObject } from '@/lib/mirror/resource';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Store } from '@/lib/store/store';
import { aBuild, aFeedback, aGroup, anApp, aTester } from '../factories/resources';
import { ENGINES } from '../factories/stores';
import { ACCOUNT, addAccount } from '../factories/synced';

const HALF = '\ud83d';
/** What PostgreSQL refuses in text, in JSON or in both, with what it is held as. */
const ODD = [
  ['nul \0 in it', 'nul \uFFFD in it'],
  [`half ${HALF} of a pair`, 'half \uFFFD of a pair'],
  [`other ${'\ude00'}`, 'other \uFFFD'],
  ['written \\u0000 out', 'written \\u0000 out'],
  ['\u{10ffff}\u202e\ufeff\u0001', '\u{10ffff}\u202e\ufeff\u0001'],
] as const;

/** Letters that no compression makes short, in scripts of one to four bytes. */
function long(seed: string, length = 10_000): string {
  let text = '';
  for (let n = 0; text.length < length; n += 1) {
    text += createHash('sha512').update(`${seed} ${n}`).digest('base64');
    text += String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000), 0x20000 + ((n * 104_729) % 40_000));
  }
  return [...text].slice(0, length).join('');
}

describe.each(ENGINES)('on $name', ({ open }) => {
  let db: Store;
  beforeEach(async () => {
    db = await open();
    await addAccount(db);
  });
  afterEach(() => db.close());

  const stored = (resources: readonly ResourceObject[]) =>
    db.write(
      upsertStatements({
        ...{ accountId: ACCOUNT, resources, appId: '1', fetchedAt: 1, source: 'sync' as const },
      }),
    );
  const found = async (type: 'betaTesters' | 'betaGroups' | 'apps' | 'builds', more: object) =>
    (await queryMirror(db, type, { limit: 50, now: 1, ...more })).data;

  it.each(ODD)('Apple’s %j stops no page, and is held, found and told as %j', async (odd, held) => {
    await stored([
      anApp('1', { name: odd }),
      aGroup('g', '1', { name: odd, publicLink: odd }),
      aTester('t', {
        ...{ firstName: odd, lastName: 'x', email: `${odd}@example.com`, state: odd },
        appDevices: [
          { model: odd, osVersion: odd, appBuildVersion: odd },
          { model: 'b', osVersion: '1', appBuildVersion: '2' },
        ],
      }),
      aFeedback('f', 'Crash', { comment: odd, email: odd, devicePlatform: odd }),
      ...aBuild('b', '1', { texts: { en: odd } }),
    ]);
    // Asked for only in part: what is stored is read as JSON and merged.
    const partly = [{ type: 'betaGroups', id: 'g', attributes: { name: odd } }];
    await db.write(
      upsertStatements({
        ...{ accountId: ACCOUNT, resources: partly, appId: '1', fetchedAt: 2, source: 'read' as const },
        sparse: true,
      }),
    );
    const [tester] = await found('betaTesters', { filter: { apps: ['1'], state: [odd], device: [odd] } });
    expect(tester?.attributes).toMatchObject({ firstName: held, state: held, email: `${held}@example.com` });
    expect((await found('betaTesters', { filter: { email: [`${odd}@EXAMPLE.com`] } })).length).toBe(1);
    expect((await found('betaGroups', { filter: { name: [odd] } })).length).toBe(1);
    const many = [odd, ...Array.from({ length: 20 }, (_, n) => `${n}`)];
    expect((await found('betaGroups', { filter: { name: many } })).length).toBe(1);
    expect((await found('apps', { search: odd })).length).toBe(1);
    const feedback = { filter: { devicePlatform: [odd] }, limit: 5, now: 1 };
    expect((await queryMirror(db, 'betaFeedbackCrashSubmissions', feedback)).total).toBe(1);
    const document = await getMirror(db, ACCOUNT, 'betaGroups', 'g');
    expect(document?.data.attributes).toMatchObject({ name: held, publicLink: held, feedbackEnabled: true });
  });

  it.each(ODD)('our records hold %j as %j, and the trail stays whole', async (odd, held) => {
    const draft = {
      ...{ at: 1, actorId: 'u', actorEmail: odd, accountId: ACCOUNT, action: 'update', type: 'betaGroups' },
      ...{ resourceId: odd, label: odd, before: { name: odd, [odd]: [odd] }, requested: { name: odd } },
      names: { 'betaGroups/g': odd },
    };
    const intent = await begin(db, draft);
    const errors = [{ detail: odd, code: odd }];
    await db.write([finishStatement(intent, { status: 'failed', at: 2, after: { [odd]: odd }, errors })]);
    await record(db, draft, { status: 'succeeded', after: odd });
    expect(await verifyChain(db)).toEqual({ isWhole: true, checked: 2, redacted: 0 });
    const { entries } = await listAudit(db, { limit: 9, resourceId: odd });
    expect(entries[1]).toMatchObject({
      ...{ label: held, before: { name: held, [held]: [held] }, after: { [held]: held } },
      errors: [{ detail: held, code: held }],
    });
    const search = { text: odd, appIds: [odd], actorIds: [odd], jobIds: [odd] };
    expect((await listActs(db, { limit: 9, search })).total).toBe(2);

    const items = [{ payload: { email: odd }, label: odd }];
    const job = { kind: 'import-testers', title: odd, accountId: ACCOUNT, appId: '1', params: { odd } };
    const by = { createdBy: 'u', createdByEmail: odd, items };
    const id = await createJob(db, { ...job, ...by }, 1);
    await storeDraft(db, { ...job, ...by }, 1);
    expect(await allItems(db, id)).toMatchObject([{ payload: { email: held }, label: held }]);
    expect((await readJobs(db, { limit: 9 })).jobs).toMatchObject([{ title: held, params: { odd: held } }]);

    const note = { accountId: ACCOUNT, appId: '1', testerId: odd };
    await db.prisma.testerNote.create({ data: { ...note, note: odd, updatedAt: 1 } });
    expect(await db.prisma.testerNote.findMany({ where: note })).toMatchObject([
      { testerId: held, note: held },
    ]);
  });

  it('names, addresses, links and words of any length stop no page, and are sorted and found', async () => {
    const people = Array.from({ length: 4 }, (_, n) =>
      aTester(`t${n}`, {
        ...{ firstName: long(`first ${n}`), lastName: long(`last ${n}`), inviteType: long('type') },
        ...{ email: `${long(`mail ${n}`)}@example.com`, state: long(`state ${n}`) },
        appDevices: [{ model: long('m'), osVersion: long('o'), appBuildVersion: long('b') }],
      }),
    );
    const [build] = aBuild('b', '1', { review: { betaReviewState: long('review') } });
    if (!build) throw new Error('There is a build.');
    await stored([
      anApp('1', { name: long('app'), bundleId: long('bundle') }),
      aGroup('g', '1', { name: long('group'), publicLink: long('link'), createdDate: long('date') }),
      ...people,
      { ...build, attributes: { ...build.attributes, version: long('v'), uploadedDate: long('date') } },
      aFeedback('f', 'Crash', { createdDate: long('date'), comment: long('comment') }),
    ]);
    for (const sort of ['name', 'email', 'state', '-firstName', 'device']) {
      let cursor: string | undefined;
      const seen: string[] = [];
      for (let page = 0; page < 9; page += 1) {
        const query = { sort: [sort], filter: { apps: ['1'] }, limit: 1, cursor, now: 1 };
        const { data, nextCursor } = await queryMirror(db, 'betaTesters', query);
        seen.push(...data.map(({ id }) => id));
        cursor = nextCursor;
        if (cursor === undefined) break;
      }
      expect([sort, seen.toSorted()]).toEqual([sort, ['t0', 't1', 't2', 't3']]);
    }
    const { email, lastName, state } = (people[0]?.attributes ?? {}) as Record<string, string>;
    const is = (filter: object) => found('betaTesters', { filter: { apps: ['1'], ...filter } });
    expect(await is({ email: [email ?? ''] })).toMatchObject([{ id: 't0', attributes: { email, lastName } }]);
    expect(state?.length).toBeGreaterThan(9_000);
    expect(await found('betaTesters', { search: lastName?.slice(0, 30) })).toHaveLength(1);
    expect(await found('betaGroups', { filter: { name: [long('group')] } })).toHaveLength(1);
    expect(await found('builds', { sort: ['-uploadedDate'] })).toHaveLength(1);
  });

  it('numbers that no column holds are not known, and stop no page', async () => {
    const link = (publicLinkLimit: unknown) => ({ publicLinkLimitEnabled: true, publicLinkLimit });
    await stored([
      anApp('1'),
      aGroup('g1', '1', link(2 ** 40), 2 ** 40),
      aGroup('g2', '1', link(1.5)),
      aGroup('g3', '1', link(1e300)),
      aGroup('g4', '1', link(10_000)),
    ]);
    const rows = await db.read(
      db.build.selectFrom('betaGroups').select(['publicLinkLimit', 'testerCount']).orderBy('id'),
    );
    expect(rows.map(({ publicLinkLimit }) => publicLinkLimit)).toEqual([null, null, null, 10_000]);
    expect(rows[0]?.testerCount).toBeNull();
  });

  it('places in lists of ours may be as far off as a number goes', async () => {
    const draft = { at: 1, actorId: 'u', actorEmail: null, action: 'signIn', type: 'users' };
    await record(db, draft, { status: 'succeeded' });
    for (const cursor of [9_999_999_999, Number.MAX_SAFE_INTEGER]) {
      expect((await listAudit(db, { limit: 5, cursor })).entries).toHaveLength(1);
      expect((await listActs(db, { limit: 5, cursor })).acts).toHaveLength(1);
      expect((await readJobs(db, { limit: 5, after: { createdAt: cursor, id: '\0' } })).jobs).toEqual([]);
    }
    expect(await readItems(db, 'none', { limit: 5, after: 999_999_999 })).toEqual([]);
  });
});
