import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '@/lib/access/policy';
import { movingReports } from '@/lib/feedback/counts';
import { type Grouped, groupingWrites } from '@/lib/feedback/grouping';
import { takeIn } from '@/lib/feedback/intake';
import { listActivity, undoActivity } from '@/lib/services/activity';
import type { Ctx } from '@/lib/services/ctx';
import { readIssueChoices } from '@/lib/services/feedback/issue-choices';
import { placeReports, placingBody } from '@/lib/services/feedback/placing';
import type { Store } from '@/lib/store/store';
import {
  ACCOUNT,
  APP,
  aReading,
  issuesOf,
  NOW,
  reported,
  reportsOf,
  together,
} from '@/tests/factories/feedback-rows';
import { ENGINES } from '@/tests/factories/stores';

const READINGS = {
  ...{ a: aReading('pay total'), b: aReading('pay total two'), c: aReading('pay total') },
  ...{ d: aReading('load parse'), e: aReading('save write') },
};

describe.each(ENGINES)('placing on $name', ({ open }) => {
  let db: Store;
  const as = (role: Role = 'triager') =>
    ({
      ...{ db, clock: { now: () => NOW + 5 }, requestId: 'r' },
      actor: { kind: 'user', id: 'ann', email: 'ann@example.com', role },
    }) as unknown as Ctx;
  const place = (body: object) => placeReports(as(), placingBody.parse(body));
  const undo = (auditId: string) => undoActivity(as(), auditId);
  const issueOf = async (id: string) => (await reportsOf(db, id))[0]?.issueId ?? '';
  const said = async () => {
    const { data } = await listActivity(as('admin'), new URLSearchParams());
    return data.map(({ sentence }) =>
      sentence.map((part) => (typeof part === 'string' ? part : part.name)).join(''),
    );
  };
  const APART = ['a b c', 'd', 'e', 's', 'z'];

  beforeEach(async () => {
    db = await open();
    const { build: q } = db;
    await db.write([
      q.insertInto('Account').values({
        ...{ id: ACCOUNT, name: 'Team', kind: 'team', keyId: 'K', baseUrl: '', sealedKey: '' },
        ...{ createdAt: 1, updatedAt: 1 },
      }),
      q.insertInto('builds').values(
        ['6', '7'].map((version) => ({
          ...{ accountId: ACCOUNT, appId: APP, id: `b${version}`, version, trainVersion: '1.4' },
          ...{ platform: 'IOS', uploadedDate: `2026-01-0${version}T00:00:00.000Z` },
          ...{ document: '{}', generation: 1, fetchedAt: 1 },
        })),
      ),
    ]);
    await reported(db, [
      ...Object.keys(READINGS).map((id) => ({ id, buildId: id === 'a' ? 'b6' : 'b7' })),
      { id: 's', type: 'screenshot', comment: 'It looks odd' },
      { id: 'z', type: 'screenshot', appId: 'app-2' },
    ]);
    await takeIn(db, { accountId: ACCOUNT, now: NOW });
    const reports = (await reportsOf(db, ...Object.keys(READINGS))).map((row) => ({
      report: row as Grouped,
      reading: READINGS[row.id as keyof typeof READINGS],
    }));
    await movingReports(db, ACCOUNT, await groupingWrites(db, ACCOUNT, reports, NOW));
    expect(await together(db)).toEqual(APART);
  }, 60_000);
  afterEach(() => db.close());

  it('merges what is chosen, says so in one sentence, and takes it back', async () => {
    const into = await issueOf('a');
    const { auditId, ...answer } = await place({
      ...{ do: 'merge', into },
      target: { issues: [into, await issueOf('d'), await issueOf('e')] },
    });
    expect(answer).toEqual({ count: 2, issueId: into });
    expect(await together(db)).toEqual(['a b c d e', 's', 'z']);
    await undo(auditId);
    expect(await together(db)).toEqual(APART);
    expect(await said()).toEqual([
      'put the reports of Bad memory access in pay back where they were, taking a change back',
      'merged 2 crash issues into Bad memory access in pay',
    ]);
    await expect(undo(auditId)).rejects.toThrow(/already/);
  });

  it('merges all that a list matches', async () => {
    const into = await issueOf('a');
    await place({ do: 'merge', into, target: { matching: { type: 'issues', query: 'search=load' } } });
    expect(await together(db)).toEqual(['a b c d', 'e', 's', 'z']);
  });

  it('takes the last of two merges back first, and says why the other has to wait', async () => {
    const [into, d, e] = [await issueOf('a'), await issueOf('d'), await issueOf('e')];
    const first = await place({ do: 'merge', into: d, target: { issues: [e] } });
    const second = await place({ do: 'merge', into, target: { issues: [d] } });
    await expect(undo(first.auditId)).rejects.toThrow(/placed it otherwise since/);
    await undo(second.auditId);
    await undo(first.auditId);
    expect(await together(db)).toEqual(APART);
  });

  it('splits ways off, refuses to leave nothing, and takes it back', async () => {
    const issueId = await issueOf('a');
    const { auditId, ...answer } = await place({ do: 'split', issueId, variants: ['vpay-total-two'] });
    expect(answer).toEqual({ count: 1, issueId: await issueOf('b') });
    expect(await together(db)).toEqual(['a c', 'b', 'd', 'e', 's', 'z']);
    expect((await issuesOf(db)).get(answer.issueId ?? '')).toMatchObject({ topFrame: 'pay', reportCount: 1 });
    await expect(place({ do: 'split', issueId, variants: ['vpay-total'] })).rejects.toThrow(/nothing would/);
    await expect(place({ do: 'split', issueId, variants: ['vpay-total-two'] })).rejects.toThrow(/any more/);
    await undo(auditId);
    expect(await together(db)).toEqual(APART);
  });

  it('attaches a screenshot to a crash, takes it out again, and takes each back', async () => {
    const issueId = await issueOf('a');
    const target = { reports: [{ id: 's', accountId: ACCOUNT }] };
    const attached = await place({ do: 'attach', issueId, target });
    expect(await together(db)).toEqual(['a b c s', 'd', 'e', 'z']);
    await expect(place({ do: 'attach', issueId, target })).rejects.toThrow(/already/);
    const out = await place({ do: 'takeOut', target });
    expect(await together(db)).toEqual(APART);
    await undo(out.auditId);
    expect(await together(db)).toEqual(['a b c s', 'd', 'e', 'z']);
    await undo(attached.auditId);
    expect(await together(db)).toEqual(APART);
  });

  it('takes out what the rule has put there as an issue of its own, beside what a person has put there', async () => {
    const issueId = await issueOf('a');
    await place({ do: 'attach', issueId, target: { reports: [{ id: 'd' }, { id: 's' }] } });
    const target = { reports: [{ id: 'b' }, { id: 's' }] };
    const { auditId } = await place({ do: 'takeOut', target });
    expect(await together(db)).toEqual(['a c d', 'b', 'e', 's', 'z']);
    await undo(auditId);
    expect(await together(db)).toEqual(['a b c d s', 'e', 'z']);
    await expect(place({ do: 'takeOut', target: { reports: [{ id: 'e' }] } })).rejects.toThrow(/by itself/);
  });

  it('goes with what was merged on since when a taking out is taken back', async () => {
    const [issueId, d] = [await issueOf('a'), await issueOf('d')];
    await place({ do: 'attach', issueId, target: { reports: [{ id: 's' }] } });
    const out = await place({ do: 'takeOut', target: { reports: [{ id: 's' }] } });
    await place({ do: 'merge', into: d, target: { issues: [issueId] } });
    await undo(out.auditId);
    expect(await together(db)).toEqual(['a b c d s', 'e', 'z']);
    expect(await issueOf('s')).toBe(d);
  });

  it('loses nothing of two merges at the same moment', async () => {
    const [a, d, e] = [await issueOf('a'), await issueOf('d'), await issueOf('e')];
    await Promise.all([
      place({ do: 'merge', into: a, target: { issues: [d] } }),
      place({ do: 'merge', into: a, target: { issues: [e] } }),
    ]);
    expect(await together(db)).toEqual(['a b c d e', 's', 'z']);
    expect((await issuesOf(db)).get(a)).toMatchObject({ reportCount: 5 });
  });

  it('of two that merge each into the other says to the later one what was done', async () => {
    const [a, d] = [await issueOf('a'), await issueOf('d')];
    const answers = await Promise.allSettled([
      place({ do: 'merge', into: a, target: { issues: [d] } }),
      place({ do: 'merge', into: d, target: { issues: [a] } }),
    ]);
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    expect(refused).toHaveLength(1);
    expect(String(refused[0])).toMatch(/was merged into “Bad memory access in (pay|load)” meanwhile/);
    expect(await together(db)).toEqual(['a b c d', 'e', 's', 'z']);
  });

  it('refuses in words what does not go together, and viewers', async () => {
    const into = await issueOf('a');
    const alone = await issueOf('s');
    const merge = (issues: string[], to = into) => place({ do: 'merge', into: to, target: { issues } });
    await expect(merge([into])).rejects.toThrow(/another crash issue/);
    await expect(merge([alone])).rejects.toThrow(/attached/);
    await expect(merge([into], alone)).rejects.toThrow(/alone/);
    await expect(merge([await issueOf('z')])).rejects.toThrow(/2 apps/);
    await expect(merge(['nothing'])).rejects.toThrow(/not here/);
    await expect(place({ do: 'attach', issueId: into, target: { reports: [{ id: 'z' }] } })).rejects.toThrow(
      /2 apps/,
    );
    await expect(
      placeReports(as('viewer'), { do: 'merge', into, target: { issues: [alone] } }),
    ).rejects.toThrow(/triager/);
    expect(await together(db)).toEqual(APART);
  });

  it('offers crash issues with the builds that tell them apart, found by their function', async () => {
    const asked = { parameters: new URLSearchParams({ 'filter[app]': APP, search: 'memory access in pay' }) };
    const { data, meta } = await readIssueChoices(as('viewer'), asked);
    expect(meta.total).toBe(1);
    expect(data[0]).toMatchObject({
      attributes: { title: 'Bad memory access in pay' },
      meta: { seenIn: { first: { version: '6' }, last: { version: '7' }, count: 2 } },
    });
  });

  it('sorts crash issues by what people call them', async () => {
    const asked = (sort: string) => ({ parameters: new URLSearchParams({ sort }) });
    const titles = async (sort: string) =>
      (await readIssueChoices(as(), asked(sort))).data.map(({ attributes }) => attributes?.title);
    await db.write([
      db.build
        .updateTable('issues')
        .set({ crashKind: 'TRAP' })
        .where('id', '=', await issueOf('d')),
      db.build
        .updateTable('issues')
        .set({ crashKind: 'NSEXCEPTION NSRangeException' })
        .where('id', '=', await issueOf('e')),
    ]);
    const shown = ['Bad memory access in pay', 'NSRangeException in save', 'Trap in load'];
    expect(await titles('title')).toEqual(shown);
    expect(await titles('-title')).toEqual(shown.toReversed());
  });
});
