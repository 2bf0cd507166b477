import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '@/lib/access/policy';
import { versionKey } from '@/lib/mirror/text';
import type { Ctx } from '@/lib/services/ctx';
import { colleagues, inboxTabs, listInbox, type TabCounts } from '@/lib/services/feedback/inbox';
import { listFacet, listNeighbours, listTotal } from '@/lib/services/lists';
import type { Store } from '@/lib/store/store';
import { searchedText } from '@/lib/store/text';
import { ENGINES } from '@/tests/factories/stores';

const NOW = Date.parse('2026-05-10T12:00:00Z');
const DAY = 86_400_000;
const read = { document: '{}', generation: 1, fetchedAt: 1 };
const place = { accountId: 'a', appId: 'app' };

const report = (id: string, more: { comment?: string; [column: string]: unknown } = {}) => ({
  ...{ ...place, ...read, id, type: 'betaFeedbackScreenshotSubmissions' },
  createdDate: `2026-05-0${id.slice(1)}T00:00:00.000Z`,
  ...{ buildId: null, testerId: null, comment: null, email: null, deviceModel: null, osVersion: null },
  ...{ locale: null, connectionType: null, batteryPercentage: null, diskBytesAvailable: null },
  ...{ issueId: null, goneAt: null, logState: null, topFrame: null },
  commentWords: more.comment === undefined ? null : searchedText(more.comment),
  mayHoldAddress: Number(more.comment?.includes('@') ?? false),
  ...more,
});
const seven = { version: '7', versionKey: versionKey('7'), trainVersion: '1.4' };
const crash = { type: 'betaFeedbackCrashSubmissions' };
const issue = (id: string, more: object = {}) => ({
  ...{ ...place, id, kind: 'report', title: id, status: 'new', assigneeId: null, priority: 0 },
  ...{ snoozedUntil: null, snoozedDate: null, regressedAt: null, reportCount: 1, lastDate: null },
  ...{ createdAt: 1, updatedAt: 1 },
  ...more,
});
const user = (id: string, role: Role) => ({
  ...{ id, email: `${id}@example.com`, name: id, passwordHash: '', role, tokenVersion: 1 },
  ...{ createdAt: 1, updatedAt: 1 },
});

describe.each(ENGINES)('the inbox on $name', ({ open }) => {
  let store: Store;
  const as = (role: Role, id = 'ann') =>
    ({
      ...{ db: store, clock: { now: () => NOW }, requestId: 'r' },
      actor: { kind: 'user', id, email: `${id}@example.com`, role },
    }) as unknown as Ctx;

  beforeAll(async () => {
    store = await open();
    const { build: q } = store;
    await store.write([
      q.insertInto('Account').values({
        ...{ id: 'a', name: 'Team', kind: 'team', keyId: 'K', baseUrl: '', sealedKey: '' },
        ...{ createdAt: 1, updatedAt: 1 },
      }),
      q.insertInto('apps').values(['app', 'other'].map((id) => ({ ...read, accountId: 'a', id, name: id }))),
      q.insertInto('users').values([user('ann', 'triager'), user('bob', 'manager'), user('vic', 'viewer')]),
      q.insertInto('builds').values([
        { ...place, ...read, id: 'b1', ...seven, platform: 'IOS' },
        { ...place, ...read, id: 'b2', ...seven, platform: 'MAC_OS' },
      ]),
      q.insertInto('betaTesters').values({
        ...{ ...place, ...read, id: 't1', firstName: 'Zoë', lastName: 'Quist', email: 'secret@example.org' },
        ...{ emailLower: 'secret@example.org', nameLower: 'quist zoe' },
      }),
      q.insertInto('betaGroups').values({
        ...place,
        ...read,
        id: 'g1',
        name: 'Hackathon',
        isInternalGroup: 0,
        hasAccessToAllBuilds: 0,
      }),
      q.insertInto('betaGroupTesters').values({ ...place, groupId: 'g1', testerId: 't1', fetchedAt: 1 }),
      q
        .insertInto('issues')
        .values([
          issue('i1'),
          issue('i2', { status: 'triaged', assigneeId: 'ann', priority: 3 }),
          issue('i3', { snoozedUntil: NOW + DAY }),
          issue('i4', { kind: 'crash', title: 'Cart.total', status: 'resolved', reportCount: 2 }),
          issue('i5', { kind: 'crash', title: 'Pay.now', status: 'triaged', regressedAt: NOW - 1 }),
          issue('i6', { snoozedUntil: NOW - DAY, appId: 'other' }),
        ]),
      q
        .insertInto('issueLabels')
        .values(['Checkout', 'ui'].map((label) => ({ issueId: 'i2', label, createdAt: 1 }))),
      q.insertInto('issueNotes').values([
        { id: 'n1', issueId: 'i2', authorId: 'ann', text: 'Seen in Kraków', createdAt: 1, updatedAt: 1 },
        { id: 'n2', issueId: 'i2', authorId: 'ann', text: 'of mail@example.org', createdAt: 1, updatedAt: 1 },
        {
          id: 'n3',
          issueId: 'i1',
          authorId: 'ann',
          text: 'forgotten',
          createdAt: 1,
          updatedAt: 1,
          deletedAt: 2,
        },
      ]),
      q
        .insertInto('feedback')
        .values([
          report('r1', { issueId: 'i1', comment: 'The CAFÉ screen is blank', testerId: 't1', buildId: 'b1' }),
          report('r2', { issueId: 'i2', deviceModel: 'iPhone17,1', osVersion: '26.1', batteryPercentage: 9 }),
          report('r3', { issueId: 'i3', diskBytesAvailable: 400_000_000, connectionType: 'WIFI' }),
          report('r4', { ...crash, issueId: 'i4', topFrame: 'Cart.total(of:)', logState: 'stored' }),
          report('r5', { ...crash, issueId: 'i4', goneAt: 5, comment: 'write to me@example.org now' }),
          report('r6', { ...crash, issueId: 'i5', buildId: 'b2' }),
          report('r7', { locale: 'de_DE', email: 'secret@example.org' }),
          report('r8', { issueId: 'i6', appId: 'other', createdDate: null }),
        ]),
      q
        .insertInto('feedbackPictures')
        .values({ accountId: 'a', feedbackId: 'r1', position: 0, state: 'wanted', tries: 0, tryAfter: 0 }),
    ]);
    await store.write([
      q
        .updateTable('feedbackWords')
        .set({ log: searchedText('NSRangeException index 5 beyond bounds Café.load()') })
        .where('feedbackId', '=', 'r6'),
    ]);
  }, 60_000);
  afterAll(() => store.close());

  const ids = async (query: string, role: Role = 'triager', type: 'feedback' | 'issues' = 'feedback') =>
    (await listInbox(as(role), { type, parameters: new URLSearchParams(query) })).data.map(({ id }) => id);

  it('counts what each tab holds', async () => {
    expect(await inboxTabs(as('viewer'), { type: 'feedback' })).toEqual({
      ...{ review: 4, mine: 1, open: 6, resolved: 2, all: 8 },
    });
    expect(await inboxTabs(as('viewer', 'bob'), { type: 'feedback', appId: 'other' })).toEqual({
      ...{ review: 1, mine: 0, open: 1, resolved: 0, all: 1 },
    });
    expect(await inboxTabs(as('viewer'), { type: 'issues' })).toEqual({
      ...{ review: 1, mine: 0, open: 1, resolved: 1, all: 2 },
    });
  });

  it.each(['review', 'mine', 'open', 'resolved', 'all'] as const)(
    'lists what stands under %s',
    async (tab) => {
      const tabs = await inboxTabs(as('triager'), { type: 'feedback' });
      expect(await ids(`filter[view]=${tab}`)).toHaveLength(tabs[tab]);
    },
  );

  it.each(
    ['feedback', 'issues'].flatMap((type) =>
      ['', '&filter[app]=other'].flatMap((app) =>
        ['review', 'mine', 'open', 'resolved', 'all'].map((tab) => [type, `filter[view]=${tab}${app}`]),
      ),
    ) as ['feedback' | 'issues', string][],
  )(
    'tells the number of %s by %s from what the tabs tell, and counts only where more narrows it',
    async (type, query) => {
      const total = async (text: string, tabs?: (appId: string | undefined) => Promise<TabCounts>) => {
        const parameters = new URLSearchParams(text);
        return (await listInbox(as('triager'), { type, parameters, tabs })).meta.total;
      };
      const asked: (string | undefined)[] = [];
      const tabs = (appId: string | undefined) => {
        asked.push(appId);
        return inboxTabs(as('triager'), { type, appId });
      };
      expect(await total(query, tabs)).toBe(await total(query));
      expect(asked).toEqual([query.includes('other') ? 'other' : undefined]);
      for (const more of ['&search=x', '&filter[status]=new', '&filter[app]=a,b'])
        expect(await total(query.replace('&filter[app]=other', '') + more, tabs)).toBe(
          await total(query.replace('&filter[app]=other', '') + more),
        );
      expect(asked).toHaveLength(1);
    },
  );

  it.each([
    ['filter[kind]=crash', ['r6', 'r5', 'r4']],
    ['filter[status]=new', ['r7', 'r3', 'r1', 'r8']],
    ['filter[not.status]=new,triaged', ['r5', 'r4']],
    ['filter[assignee]=me', ['r2']],
    ['filter[not.assignee]=me&filter[status]=triaged', ['r6']],
    ['filter[assignee]=nobody&filter[kind]=crash', ['r6', 'r5', 'r4']],
    ['filter[priority]=3', ['r2']],
    ['filter[label]=Checkout', ['r2']],
    ['filter[not.label]=Checkout&filter[view]=open', ['r7', 'r6', 'r3', 'r1', 'r8']],
    ['filter[version]=1.4', ['r6', 'r1']],
    ['filter[build]=b2', ['r6']],
    ['filter[buildNumber]=%3E=7', ['r6', 'r1']],
    ['filter[buildNumber]=%3E7', []],
    ['filter[buildNumber]=%3C10', ['r6', 'r1']],
    ['filter[not.buildNumber]=7&filter[kind]=crash', ['r5', 'r4']],
    ['filter[device]=iPhone17_1', ['r2']],
    ['filter[os]=26.1', ['r2']],
    ['filter[locale]=de_DE', ['r7']],
    ['filter[group]=g1', ['r1']],
    ['filter[tester]=t1', ['r1']],
    ['filter[hasComment]=yes', ['r5', 'r1']],
    ['filter[hasPicture]=yes', ['r1']],
    ['filter[hasLog]=yes', ['r4']],
    ['filter[disk]=low', ['r3']],
    ['filter[battery]=low', ['r2']],
    ['filter[connection]=WIFI', ['r3']],
    ['filter[snoozed]=yes', ['r3']],
    ['filter[regressed]=yes', ['r6']],
    ['filter[gone]=yes', ['r5']],
    ['filter[app]=other', ['r8']],
    ['search=cafe', ['r6', 'r1']],
    ['search=cart.total', ['r5', 'r4']],
    ['search=rangeexc', ['r6']],
    ['search=BEYOND%20bounds', ['r6']],
    ['search=caf%C3%A9.load', ['r6']],
    ['search=is%20bl', ['r1']],
    ['search=bl', ['r1']],
    ['search=blank%20nsrange', []],
    ['search=%5Bobject', []],
    ['search=%22blank', []],
    ['search=100%25', []],
    ['search=me@example', ['r5']],
    ['search=krakow', ['r2']],
    ['search=forgotten', []],
    ['search=Quist', ['r1']],
    ['search=zoe%20quist', ['r1']],
    ['search=secret@example', ['r7', 'r1']],
    ['sort=-priority&filter[view]=open', ['r2', 'r6', 'r3', 'r1', 'r8', 'r7']],
    ['sort=status&filter[kind]=crash', ['r6', 'r4', 'r5']],
  ])('finds by %s', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  it('finds what is written in other letters, and only that', async () => {
    const write = (commentWords: string | null) =>
      store.write([store.build.updateTable('feedback').set({ commentWords }).where('id', '=', 'r3')]);
    await write(searchedText('Кнопка «Сохранить» не работает 再起動 🦉🦉🦉'));
    for (const found of ['кнопка', 'ХРАНИТЬ»', '再起動', '🦉🦉🦉', 'не'])
      expect(await ids(`search=${encodeURIComponent(found)}`)).toEqual(['r3']);
    for (const missed of ['кнопка не', '再起動x', '🦉🦉🦉🦉'])
      expect(await ids(`search=${encodeURIComponent(missed)}`)).toEqual([]);
    await write(null);
  });

  it('turns the pages of a search, each with what it finds in all', async () => {
    const page = (more: string) =>
      listInbox(as('triager'), {
        type: 'feedback',
        parameters: new URLSearchParams(`search=secret@example&limit=1${more}`),
      });
    const first = await page('');
    const second = await page(`&cursor=${encodeURIComponent(first.meta.paging.nextCursor ?? '')}`);
    expect([first, second].map(({ data }) => data.map(({ id }) => id))).toEqual([['r7'], ['r1']]);
    expect([first, second].map(({ meta }) => meta.paging.total)).toEqual([2, 2]);
  });

  it.each([
    ['sort=-reportCount', ['i4', 'i5']],
    ['filter[status]=resolved', ['i4']],
    ['search=pay', ['i5']],
    ['filter[build]=b2', ['i5']],
    ['filter[buildNumber]=%3E=7', ['i5']],
    ['filter[buildNumber]=%3E=8', []],
  ])('finds crash issues by %s', async (query, expected) => {
    expect(await ids(query, 'viewer', 'issues')).toEqual(expected);
  });

  it.each(['-createdDate', 'createdDate', '-priority', 'status', 'assignee', 'build', 'device', '-app'])(
    'pages through everything by %s',
    async (sort) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const query = new URLSearchParams({ sort, limit: '3', ...(cursor ? { cursor } : {}) });
        const page = await listInbox(as('viewer'), { type: 'feedback', parameters: query });
        expect(page.meta.total).toBe(8);
        seen.push(...page.data.map(({ id }) => id));
        cursor = page.meta.paging.nextCursor;
      } while (cursor);
      expect(seen).toEqual(await ids(`sort=${sort}`));
      expect(new Set(seen).size).toBe(8);
    },
  );

  it('knows who stands beside a report', async () => {
    const parameters = new URLSearchParams('filter[view]=open&sort=-createdDate');
    const found = await listNeighbours(as('viewer'), { type: 'feedback', id: 'r6', parameters });
    expect([found?.previous?.id, found?.next?.id, found?.place, found?.total]).toEqual(['r7', 'r3', 2, 6]);
    expect(await listTotal(as('viewer'), { type: 'feedback', parameters })).toBe(6);
  });

  it('tells of each line its issue, build, tester and pictures', async () => {
    const { data } = await listInbox(as('triager'), {
      type: 'feedback',
      parameters: new URLSearchParams('filter[id]=r1,r2'),
    });
    expect(data.map(({ meta }) => meta)).toMatchObject([
      {
        issue: { id: 'i2', assigneeName: 'ann', priority: 3, labels: ['Checkout', 'ui'], version: 1 },
        deviceName: 'iPhone 16 Pro',
      },
      {
        build: { trainVersion: '1.4', version: '7', platform: 'IOS' },
        tester: { firstName: 'Zoë', email: 'secret@example.org' },
        pictures: { wanted: 1 },
      },
    ]);
    expect(JSON.stringify(data)).not.toContain('document');
  });

  it.each([
    ['status', { new: 4, resolved: 2, triaged: 2 }],
    ['assignee', { nobody: 7, ann: 1 }],
    ['label', { Checkout: 1, ui: 1 }],
    ['build', { b1: 1, b2: 1 }],
    ['version', { none: 6, '1.4': 2 }],
    ['device', { none: 7, iPhone17_1: 1 }],
    ['group', { g1: 1 }],
    ['tester', { t1: 1 }],
    ['snoozed', { no: 7, yes: 1 }],
    ['disk', { none: 7, low: 1 }],
    ['gone', { no: 7, yes: 1 }],
  ])('counts the values of %s', async (field, expected) => {
    const page = await listFacet(as('triager'), {
      ...{ type: 'feedback', field, typed: '' },
      parameters: new URLSearchParams('filter[view]=all'),
    });
    expect(Object.fromEntries(page.values.map(({ value, count }) => [value, count]))).toEqual(expected);
  });

  it('tells a viewer no address, by answer, search, filter, facet or order', async () => {
    const answer = JSON.stringify(
      await listInbox(as('viewer'), { type: 'feedback', parameters: new URLSearchParams() }),
    );
    expect(answer).not.toMatch(/secret@|me@example/);
    expect(await ids('search=secret@example', 'viewer')).toEqual([]);
    expect(await ids('search=secret', 'viewer')).toEqual([]);
    expect(await ids('search=write to', 'viewer')).toEqual(['r5']);
    expect(await ids('search=example.org', 'viewer')).toEqual([]);
    expect(await ids('search=to me', 'viewer')).toEqual([]);
    expect(await ids('search=of mail', 'viewer')).toEqual([]);
    expect(await ids('search=quist', 'viewer')).toEqual(['r1']);
    await expect(ids('sort=email', 'viewer')).rejects.toThrow(/not a sort/);
    await expect(ids('filter[email]=secret@example.org', 'viewer')).rejects.toThrow(/masked/);
    await expect(ids('filter[label]=a@b.org', 'viewer')).rejects.toThrow(/masked/);
    const facet = (typed: string) =>
      listFacet(as('viewer'), {
        type: 'feedback',
        field: 'tester',
        typed,
        parameters: new URLSearchParams(),
      });
    expect((await facet('zoe')).values).toHaveLength(1);
    expect((await facet('secret@')).values).toEqual([]);
    expect((await colleagues(as('viewer'))).map(({ name }) => name)).toEqual(['ann', 'bob']);
  });

  it.each([
    'filter[view]=nonsense',
    'filter[view]=open,all',
    'filter[nonsense]=1',
    'sort=nonsense',
    'include=build',
  ])('refuses %s by name', async (query) => {
    await expect(ids(query)).rejects.toThrow();
  });
});
