import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '@/lib/access/policy';
import { listActivity, undoActivity } from '@/lib/services/activity';
import type { Ctx } from '@/lib/services/ctx';
import { addNote, changeNote, notesOf, removeNote } from '@/lib/services/feedback/notes';
import { myNotices, readNotices } from '@/lib/services/feedback/notices';
import { triage, triageBody } from '@/lib/services/feedback/triage';
import type { Store } from '@/lib/store/store';
import { ENGINES } from '@/tests/factories/stores';

const NOW = Date.parse('2026-05-10T12:00:00Z');
const read = { document: '{}', generation: 1, fetchedAt: 1 };
const place = { accountId: 'a', appId: 'app' };
const user = (id: string, role: Role) => ({
  ...{ id, email: `${id}@example.com`, name: id, passwordHash: '', role, tokenVersion: 1 },
  ...{ createdAt: 1, updatedAt: 1 },
});
const issue = (id: string, more: object = {}) => ({
  ...{ ...place, id, kind: 'report', title: `Issue ${id}`, status: 'new', createdAt: 1, updatedAt: 1 },
  ...more,
});

describe.each(ENGINES)('triage on $name', ({ open }) => {
  let store: Store;
  type PersonCtx = Parameters<typeof addNote>[0];
  const as = (id: string, role: Role = 'triager') =>
    ({
      ...{ db: store, clock: { now: () => NOW }, requestId: 'r' },
      actor: { kind: 'user', id, email: `${id}@example.com`, role },
    }) as unknown as PersonCtx & Ctx;
  const issues = (id?: string) =>
    store.read(
      store.build
        .selectFrom('issues')
        .selectAll()
        .where('id', 'like', id ?? '%')
        .orderBy('id'),
    );
  const decide = (who: string, body: object) => triage(as(who), triageBody.parse(body));
  const one = (id: string, change: object, expected?: object) => ({
    ...{ target: { issues: [id] }, change },
    ...(expected ? { expect: expected } : {}),
  });

  beforeEach(async () => {
    store = await open();
    const { build: q } = store;
    await store.write([
      q.insertInto('Account').values({
        ...{ id: 'a', name: 'Team', kind: 'team', keyId: 'K', baseUrl: '', sealedKey: '' },
        ...{ createdAt: 1, updatedAt: 1 },
      }),
      q.insertInto('users').values([user('ann', 'triager'), user('bob', 'manager'), user('vic', 'viewer')]),
      q.insertInto('builds').values({
        ...{ ...place, ...read, id: 'b1', version: '7', trainVersion: '1.4', platform: 'IOS' },
        uploadedDate: '2026-05-01T00:00:00.000Z',
      }),
      q.insertInto('issues').values([issue('i1'), issue('i2'), issue('i3')]),
      q.insertInto('feedback').values(
        ['i1', 'i2', 'i3'].map((issueId) => ({
          ...{ ...place, ...read, id: issueId.replace('i', 'r'), issueId, buildId: 'b1' },
          type: 'betaFeedbackScreenshotSubmissions',
        })),
      ),
    ]);
  }, 60_000);
  afterEach(() => store.close());

  it('resolves in a build, as one act that an undo truly takes back', async () => {
    const [was] = await issues('i1');
    const { auditId } = await decide('ann', one('i1', { status: 'resolved', buildId: 'b1' }));
    expect(await issues('i1')).toMatchObject([
      {
        ...{ status: 'resolved', resolvedBuildId: 'b1', resolvedPlatform: 'IOS', resolvedLabel: '1.4 (7)' },
        ...{ resolvedDate: '2026-05-01T00:00:00.000Z', version: 2, updatedBy: 'ann' },
      },
    ]);
    await undoActivity(as('ann'), auditId ?? '');
    expect(await issues('i1')).toEqual([{ ...was, version: 3, updatedAt: NOW, updatedBy: 'ann' }]);
    await expect(undoActivity(as('ann'), auditId ?? '')).rejects.toThrow(/already/);
  });

  it('decides about all that match but for some, audited as one, and takes just those back', async () => {
    const target = { matching: { type: 'feedback', query: 'filter[view]=review&filter[not.id]=r3' } };
    const change = { status: 'triaged', priority: 3, addLabels: ['Checkout'] };
    const answer = await decide('ann', { target, change });
    expect(answer).toMatchObject({ count: 2, changed: 2 });
    expect((await issues()).map(({ status, priority }) => [status, priority])).toEqual([
      ['triaged', 3],
      ['triaged', 3],
      ['new', 0],
    ]);
    const entries = await store.read(store.build.selectFrom('auditEntries').select(['label', 'status']));
    expect(entries).toEqual([{ label: '2 reports', status: 'succeeded' }]);
    await decide('bob', one('i1', { status: 'inProgress' }));
    await undoActivity(as('ann'), answer.auditId ?? '');
    expect((await issues()).map(({ status }) => status)).toEqual(['inProgress', 'new', 'new']);
    expect(await store.read(store.build.selectFrom('issueLabels').selectAll())).toEqual([]);
  });

  it('says what somebody else has decided, and holds two changes of different things', async () => {
    await decide('bob', one('i1', { status: 'inProgress' }, { status: 'new' }));
    await expect(decide('ann', one('i1', { status: 'triaged' }, { status: 'new' }))).rejects.toThrow(
      'bob made it “In progress” meanwhile.',
    );
    await decide('ann', one('i1', { priority: 4 }, { priority: 0 }));
    expect(await issues('i1')).toMatchObject([{ status: 'inProgress', priority: 4 }]);
  });

  it('loses nothing of two at the same moment', async () => {
    await Promise.all([
      decide('ann', one('i1', { priority: 2 })),
      decide('bob', one('i1', { status: 'triaged' })),
      decide('bob', one('i1', { addLabels: ['ui'] })),
    ]);
    expect(await issues('i1')).toMatchObject([{ status: 'triaged', priority: 2, version: 4 }]);
  });

  it('changes nothing where it is so already, and wakes and clears what a status ends', async () => {
    expect(await decide('ann', one('i1', { status: 'new' }))).toEqual({
      count: 1,
      changed: 0,
      auditId: null,
    });
    await decide('ann', one('i1', { snooze: 'nextBuild' }));
    expect(await issues('i1')).toMatchObject([{ snoozedPlatform: 'IOS', snoozedUntil: null }]);
    await decide('ann', one('i1', { status: 'wontFix' }));
    expect(await issues('i1')).toMatchObject([{ snoozedDate: null, status: 'wontFix' }]);
    await decide('ann', one('i2', { status: 'duplicate', duplicateOf: 'i1' }));
    await expect(decide('ann', one('i1', { status: 'duplicate', duplicateOf: 'i2' }))).rejects.toThrow(
      /duplicate of this one/,
    );
  });

  it.each([
    [{}, /Say what/],
    [{ status: 'duplicate' }, /needs the issue/],
    [{ status: 'new', buildId: 'b1' }, /belongs to what is resolved/],
    [{ link: 'http://example.org' }, /https/],
    [{ link: 'javascript:alert(1)' }, /https/],
    [{ addLabels: ['a,b'] }, /comma/],
    [{ priority: 5 }, /5|4/],
    [{ status: 'resolved', buildId: 'nope' }, /no such build/],
    [{ assigneeId: 'vic' }, /cannot work/],
    [{ snooze: '2020-01-01T00:00:00Z' }, /still to come/],
  ])('refuses %j', async (change, words) => {
    await expect(Promise.resolve().then(() => decide('ann', one('i1', change)))).rejects.toThrow(words);
    expect(await issues('i1')).toMatchObject([{ version: 1 }]);
  });

  it('tells the history of an issue, also what was decided about several at once', async () => {
    await decide('ann', one('i1', { priority: 2 }));
    await decide('ann', { target: { issues: ['i1', 'i2'] }, change: { status: 'triaged' } });
    await decide('ann', one('i2', { priority: 3 }));
    await addNote(as('ann'), { issueId: 'i1', text: 'Seen', mentions: [] });
    const { data, meta } = await listActivity(as('ann'), new URLSearchParams({ issue: 'i1' }));
    expect(meta.total).toBe(3);
    expect(data.map(({ type, resourceId }) => [type, resourceId])).toEqual([
      ['issueNotes', 'i1'],
      ['issues', null],
      ['issues', 'i1'],
    ]);
  });

  it('is not for viewers', async () => {
    const body = triageBody.parse(one('i1', { status: 'triaged' }));
    await expect(triage(as('vic', 'viewer'), body)).rejects.toThrow(/triager/);
    await expect(addNote(as('vic', 'viewer'), { issueId: 'i1', text: 'x', mentions: [] })).rejects.toThrow(
      /triager/,
    );
  });

  it('tells whoever is given something or mentioned, and nobody of what they did themselves', async () => {
    await decide('ann', one('i1', { assigneeId: 'me' }));
    expect(await myNotices(as('ann'))).toEqual({ unread: 0, notices: [] });
    await decide('ann', one('i1', { assigneeId: 'bob' }));
    const { id } = await addNote(as('ann'), { issueId: 'i1', text: 'See @bob', mentions: ['bob', 'ann'] });
    await changeNote(as('ann'), { id, text: 'See @bob again', mentions: ['bob'] });
    const { unread, notices } = await myNotices(as('bob'));
    expect(unread).toBe(2);
    expect(notices.map(({ kind, who, about, path }) => [kind, who, about, path]).toSorted()).toEqual([
      ['assigned', 'ann', 'Issue i1', '/feedback/r1'],
      ['mention', 'ann', 'Issue i1', '/feedback/r1'],
    ]);
    await readNotices(as('bob'), {});
    expect((await myNotices(as('bob'))).unread).toBe(0);
  });

  it('keeps notes, which only who wrote them changes', async () => {
    const { id } = await addNote(as('ann'), { issueId: 'i1', text: 'First', mentions: [] });
    await expect(changeNote(as('bob'), { id, text: 'Mine', mentions: [] })).rejects.toThrow(/no such note/);
    await expect(removeNote(as('bob'), { id })).rejects.toThrow(/no such note/);
    expect(await notesOf(as('bob'), 'i1')).toMatchObject([{ text: 'First', author: 'ann', isYours: false }]);
    await removeNote(as('ann'), { id });
    expect(await notesOf(as('ann'), 'i1')).toEqual([]);
    await expect(removeNote(as('bob'), { id, isBack: true })).rejects.toThrow(/no such note/);
    await removeNote(as('ann'), { id, isBack: true });
    expect(await notesOf(as('ann'), 'i1')).toMatchObject([{ text: 'First', isEdited: false }]);
  });
});
