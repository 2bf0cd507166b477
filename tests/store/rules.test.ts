import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '@/lib/access/policy';
import { movingReports } from '@/lib/feedback/counts';
import { type Grouped, groupingWrites } from '@/lib/feedback/grouping';
import { ownIssueId, takeIn } from '@/lib/feedback/intake';
import { listActivity, undoActivity } from '@/lib/services/activity';
import type { Ctx } from '@/lib/services/ctx';
import { applyRule, applyRules, ruleMatches } from '@/lib/services/feedback/apply-rules';
import { myNotices } from '@/lib/services/feedback/notices';
import {
  addRule,
  changeRule,
  listRules,
  orderRules,
  type RuleBody,
  removeRule,
} from '@/lib/services/feedback/rules';
import { triage, triageBody } from '@/lib/services/feedback/triage';
import type { Store } from '@/lib/store/store';
import { ACCOUNT, APP, aReading, issuesOf, NOW, reported, reportsOf } from '@/tests/factories/feedback-rows';
import { ENGINES } from '@/tests/factories/stores';

const user = (id: string, role: Role) => ({
  ...{ id, email: `${id}@example.com`, name: id, passwordHash: '', role, tokenVersion: 1 },
  ...{ createdAt: 1, updatedAt: 1 },
});
const NOTHING: RuleBody = {
  ...{ name: 'Rule', app: null, label: null, frame: null, assigneeId: null, priority: null, addLabel: null },
};
const MINUTES = 60_000;

describe.each(ENGINES)('rules on $name', ({ open }) => {
  let db: Store;
  let now = NOW;
  type PersonCtx = Parameters<typeof myNotices>[0];
  const ctxOf = (actor: object) =>
    ({
      ...{ db, clock: { now: () => now }, requestId: 'r', log: { warn() {} } },
      actor,
    }) as unknown as PersonCtx & Ctx;
  const as = (id: string, role: Role = 'admin') =>
    ctxOf({ kind: 'user', id, email: `${id}@example.com`, role });
  const worker = () => ctxOf({ kind: 'system', name: 'worker' });
  const rule = async (given: Partial<RuleBody>) => (await addRule(as('ada'), { ...NOTHING, ...given })).id;
  const own = (reportId: string) => ownIssueId(ACCOUNT, reportId);
  const issue = async (id: string) => (await issuesOf(db)).get(id);
  const taken = async (...reports: Parameters<typeof reported>[1]) => {
    await reported(db, reports);
    await takeIn(db, { accountId: ACCOUNT, now });
  };
  const group = async (id: string, functions: string, frames: string) => {
    const [row] = await reportsOf(db, id);
    const reading = aReading(functions, { frames });
    await movingReports(
      db,
      ACCOUNT,
      await groupingWrites(db, ACCOUNT, [{ report: row as Grouped, reading }], now),
    );
    await db.write([db.build.updateTable('feedback').set({ logState: 'stored' }).where('id', '=', id)]);
  };
  const ask = () => applyRules(worker(), ACCOUNT);
  const labels = async () =>
    (await db.read(db.build.selectFrom('issueLabels').selectAll())).map(({ label }) => label);
  const told = async (id: string) => {
    const { data } = await listActivity(as('ada'), new URLSearchParams({ issue: id }));
    return data.map(({ who, sentence }) =>
      [who, ...sentence.map((part) => (typeof part === 'string' ? part : part.name))]
        .join(' ')
        .replace(/ +/g, ' '),
    );
  };

  beforeEach(async () => {
    db = await open();
    now = NOW;
    const { build: q } = db;
    await db.write([
      q.insertInto('Account').values({
        ...{ id: ACCOUNT, name: 'Team', kind: 'team', keyId: 'K', baseUrl: '', sealedKey: '' },
        ...{ createdAt: 1, updatedAt: 1 },
      }),
      q.insertInto('users').values([user('ada', 'admin'), user('bob', 'triager'), user('vic', 'viewer')]),
      q.insertInto('apps').values({
        ...{ accountId: ACCOUNT, id: APP, name: 'Demo', document: '{}', generation: 1, fetchedAt: 1 },
      }),
    ]);
  }, 60_000);
  afterEach(() => db.close());

  it('assign what is taken in: as the rule in the history, with a notice, once', async () => {
    await rule({ name: 'Demo', app: { appId: APP }, assigneeId: 'bob', priority: 2, addLabel: 'QA' });
    await taken({ id: 'r1', type: 'screenshot', comment: 'Looks odd' });
    await ask();
    expect(await issue(own('r1'))).toMatchObject({
      assigneeId: 'bob',
      priority: 2,
      isAssignedByHand: 0,
      areRulesDue: 0,
    });
    expect(await labels()).toEqual(['QA']);
    const { notices } = await myNotices(as('bob', 'triager'));
    expect(notices).toMatchObject([{ kind: 'assigned', who: null, issueId: own('r1') }]);
    expect(await told(own('r1'))).toEqual([
      'rule “Demo” assigned Looks odd to bob , set the priority of Looks odd to medium and labelled Looks odd QA',
    ]);
    await ask();
    expect(await told(own('r1'))).toHaveLength(1);
  });

  it('never say otherwise than a person has, whatever comes later', async () => {
    await rule({ assigneeId: 'bob', priority: 4 });
    await taken({ id: 'r1', type: 'screenshot' }, { id: 'r2', type: 'screenshot' });
    const change = { assigneeId: null, priority: 0 };
    await triage(as('bob'), triageBody.parse({ target: { issues: [own('r1')] }, change }));
    await ask();
    expect(await issue(own('r1'))).toMatchObject({ assigneeId: null, priority: 0 });
    expect(await issue(own('r2'))).toMatchObject({ assigneeId: 'bob', priority: 4 });
    // Taken off by a person: a label that comes later asks the rules again, and they say nothing.
    await triage(as('ada'), triageBody.parse({ target: { issues: [own('r2')] }, change }));
    await triage(
      as('ada'),
      triageBody.parse({ target: { issues: [own('r2')] }, change: { addLabels: ['x'] } }),
    );
    expect(await issue(own('r2'))).toMatchObject({ assigneeId: null, priority: 0, areRulesDue: 0 });
  });

  it('let whoever takes back what a rule did have decided so', async () => {
    await rule({ name: 'One', assigneeId: 'bob' });
    await taken({ id: 'r1', type: 'screenshot' });
    await ask();
    const { data } = await listActivity(as('ada'), new URLSearchParams({ issue: own('r1') }));
    await undoActivity(as('ada'), data[0]?.id ?? '');
    expect(await issue(own('r1'))).toMatchObject({ assigneeId: null, isAssignedByHand: 1 });
    await rule({ name: 'Two', assigneeId: 'ada' });
    await triage(
      as('bob'),
      triageBody.parse({ target: { issues: [own('r1')] }, change: { addLabels: ['x'] } }),
    );
    await ask();
    expect(await issue(own('r1'))).toMatchObject({ assigneeId: null });
  });

  it('are asked when a person adds a label, and keep what nobody has asked yet', async () => {
    await rule({ label: 'Checkout', assigneeId: 'bob' });
    await taken({ id: 'r1', type: 'screenshot' });
    await ask();
    expect(await issue(own('r1'))).toMatchObject({ assigneeId: null });
    await triage(
      as('ada'),
      triageBody.parse({ target: { issues: [own('r1')] }, change: { addLabels: ['checkout'] } }),
    );
    expect(await issue(own('r1'))).toMatchObject({ assigneeId: 'bob', areRulesDue: 0 });
  });

  it('wait for the log of a crash, and for no longer than ten minutes', async () => {
    await rule({ name: 'Pay', frame: 'Checkout.pay', assigneeId: 'bob' });
    await rule({ name: 'Rest', assigneeId: 'ada' });
    await taken({ id: 'r1' }, { id: 'r2' }, { id: 'r3' });
    await ask();
    expect(await issue(own('r1'))).toMatchObject({ assigneeId: null, areRulesDue: 1 });
    await group('r1', 'pay main', 'Checkout.pay\tDemo\t');
    await ask();
    expect(await issue(own('r1'))).toMatchObject({ assigneeId: 'bob', number: 1 });
    // Comes to the same crash: nobody is told twice.
    await group('r2', 'pay main', 'Checkout.pay\tDemo\t');
    await ask();
    expect((await myNotices(as('bob', 'triager'))).notices).toHaveLength(1);
    now += 11 * MINUTES;
    await ask();
    expect(await issue(own('r3'))).toMatchObject({ assigneeId: 'ada' });
  });

  it('are asked again when symbols tell the calls', async () => {
    await rule({ frame: 'Checkout.pay', assigneeId: 'bob' });
    await taken({ id: 'r1' });
    await group('r1', 'u1 u2', '\tDemo\t');
    await ask();
    expect(await issue(own('r1'))).toMatchObject({ assigneeId: null });
    await group('r1', 'pay main', 'Checkout.pay\tDemo\tCheckout.swift');
    await ask();
    expect(await issue(own('r1'))).toMatchObject({ assigneeId: 'bob' });
  });

  it('are not asked again when logs are read anew and say the same, and go along where nothing is known', async () => {
    await taken({ id: 'r1' }, { id: 'r2' });
    await group('r1', 'pay main', 'Checkout.pay\tDemo\t');
    await ask();
    await rule({ assigneeId: 'bob' });
    await group('r1', 'pay main', 'Checkout.pay\tDemo\t');
    await ask();
    expect(await issue(own('r1'))).toMatchObject({ assigneeId: null, areRulesDue: 0 });
    // A log without calls of the app that comes to a crash which was asked about already.
    await group('r2', 'pay main', '');
    await ask();
    expect(await issue(own('r1'))).toMatchObject({ assigneeId: 'bob', reportCount: 2 });
  });

  it('say who works on feedback no more, and assign nobody for them', async () => {
    await rule({ name: 'Bob', assigneeId: 'bob' });
    await rule({ name: 'Ada', assigneeId: 'ada' });
    await db.write([db.build.updateTable('users').set({ role: 'viewer' }).where('id', '=', 'bob')]);
    expect(await listRules(as('ada'))).toMatchObject([
      { assignee: { name: 'bob', mayWork: false } },
      { assignee: { mayWork: true } },
    ]);
    await taken({ id: 'r1', type: 'screenshot' });
    await ask();
    expect(await issue(own('r1'))).toMatchObject({ assigneeId: 'ada' });
    await expect(rule({ assigneeId: 'vic' })).rejects.toThrow(/cannot work/);
  });

  it('tell what they would do with what is open, and do it as one act that is taken back as one', async () => {
    await taken(
      { id: 'r1', type: 'screenshot' },
      { id: 'r2', type: 'screenshot' },
      { id: 'r3', type: 'screenshot' },
    );
    await ask();
    const target = { issues: [own('r3')] };
    await triage(as('ada'), triageBody.parse({ target, change: { assigneeId: 'ada' } }));
    const id = await rule({ name: 'All', assigneeId: 'bob' });
    expect(await ruleMatches(as('ada'))).toEqual([{ id, matching: 3, changing: 2 }]);
    const answer = await applyRule(as('ada'), id, 1);
    expect(answer).toMatchObject({ count: 3, changed: 2 });
    expect(await told(own('r1'))).toEqual(['ada applied the rule All to 2 reports']);
    expect((await myNotices(as('bob', 'triager'))).notices.map(({ who }) => who)).toEqual(['ada', 'ada']);
    await undoActivity(as('ada'), answer.auditId ?? '');
    expect((await issue(own('r1')))?.assigneeId).toBeNull();
    expect((await issue(own('r3')))?.assigneeId).toBe('ada');
    expect(await applyRule(as('ada'), id, 1)).toMatchObject({ changed: 2 });
    await expect(applyRule(as('ada'), id, 7)).rejects.toThrow(/meanwhile/);
    await expect(applyRule(as('bob', 'triager'), id, 1)).rejects.toThrow(/manager/);
  });

  it('are changed as they were seen, in the order that was seen', async () => {
    const [one, two] = [await rule({ name: 'One', priority: 1 }), await rule({ name: 'Two', priority: 2 })];
    const changed = { ...NOTHING, name: 'First', priority: 3, version: 1 };
    await changeRule(as('ada'), one, changed);
    await expect(changeRule(as('ada'), one, changed)).rejects.toThrow(/meanwhile/);
    const both = await Promise.allSettled([
      changeRule(as('ada'), two, { ...changed, name: 'A' }),
      changeRule(as('ada'), two, { ...changed, name: 'B' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await orderRules(as('ada'), { seen: [one, two], ids: [two, one] });
    await expect(orderRules(as('ada'), { seen: [one, two], ids: [two, one] })).rejects.toThrow(/meanwhile/);
    await expect(orderRules(as('ada'), { seen: [two, one], ids: [two] })).rejects.toThrow(/once/);
    expect((await listRules(as('ada'))).map(({ id }) => id)).toEqual([two, one]);
    await removeRule(as('ada'), two);
    await expect(removeRule(as('ada'), two)).rejects.toThrow(/no such rule/);
    await expect(addRule(as('bob', 'triager'), { ...NOTHING, priority: 1 })).rejects.toThrow(/admin/);
    const { data } = await listActivity(as('ada'), new URLSearchParams({ type: 'triageRules' }));
    expect(data.map(({ status }) => status)).toContain('succeeded');
    expect(JSON.stringify(data.map(({ sentence }) => sentence))).toContain('in another order');
  });
});
