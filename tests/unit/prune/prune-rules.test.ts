import { describe, expect, it } from 'vitest';
import { judgeTester, type TesterFacts } from '@/lib/services/prune/evaluate';
import { type PruneRules, pruneRules } from '@/lib/services/prune/rules';

const NOW = Date.parse('2026-02-03T04:05:06.000Z');
const DAY = 86_400_000;
const idle: TesterFacts = {
  testerId: 't1',
  state: 'INSTALLED',
  inviteType: 'EMAIL',
  groupIds: ['g1'],
  tags: [],
  isProtected: false,
  sessions: 0,
  feedback: 0,
  invitedAt: NOW - 45 * DAY,
  presentBy: NOW - 45 * DAY,
  lastSeenAt: null,
  hasInstalled: true,
};
const rules = pruneRules.parse({ noSessionDays: 90, noFeedbackEver: true, invitedBeforeDays: 30 });
const judge = (facts: Partial<TesterFacts>, given: PruneRules = rules) =>
  judgeTester(given, { ...idle, ...facts }, NOW);

describe('pruning rules', () => {
  it('prune who meets every one of them, and say why', () => {
    expect(judge({})).toEqual({
      isPruned: true,
      reasons: ['No session in 90 days', 'No feedback ever'],
    });
  });

  it.each<[string, Partial<TesterFacts>, string]>([
    ['protected', { isProtected: true }, 'Protected'],
    ['active', { sessions: 3 }, '3 sessions in 90 days'],
    ['active once', { sessions: 1 }, '1 session in 90 days'],
    ['of unknown activity', { sessions: null }, 'Sessions unknown'],
    ['with feedback', { feedback: 2 }, 'Sent feedback 2 times'],
    ['invited lately', { invitedAt: NOW - 30 * DAY + 1 }, 'Invited within the last 30 days'],
    [
      'invited again lately',
      { invitedAt: NOW, presentBy: NOW - 400 * DAY },
      'Invited within the last 30 days',
    ],
    ['here before', { invitedAt: null, presentBy: NOW - 3 * DAY }, 'Here before Flightdeck was'],
    ['never dated', { invitedAt: null, presentBy: null }, 'Here before Flightdeck was'],
  ])('keep somebody %s', (_name, facts, reason) => {
    expect(judge(facts)).toEqual({ isPruned: false, reasons: [reason] });
  });

  it('know that whoever was here for longer than the grace period was invited before it', () => {
    expect(judge({ invitedAt: null, presentBy: NOW - 30 * DAY }).isPruned).toBe(true);
  });

  it('name those who were here before only when asked', () => {
    const given = pruneRules.parse({ neverInstalled: true, unknownInvitation: 'prune' });
    const before = { invitedAt: null, presentBy: NOW - DAY, hasInstalled: false };
    expect(judge(before, given).isPruned).toBe(true);
    expect(judge({ ...before, invitedAt: NOW - DAY }, given).isPruned).toBe(false);
  });

  it.each<[string, object, number, boolean]>([
    ['30 days unless changed', {}, 29, false],
    ['30 days unless changed', {}, 30, true],
    ['longer', { invitedBeforeDays: 60 }, 45, false],
    ['shorter', { invitedBeforeDays: 7 }, 8, true],
    ['none', { invitedBeforeDays: 0 }, 0, true],
  ])('hold a grace period after an invitation: %s', (_name, over, daysAgo, isPruned) => {
    const given = pruneRules.parse({ states: ['INVITED'], ...over });
    const facts = { state: 'INVITED', invitedAt: NOW - daysAgo * DAY };
    expect(judge(facts, given).isPruned).toBe(isPruned);
  });

  it('say the invitation only where nothing else is asked', () => {
    const given = pruneRules.parse({ invitedBeforeDays: 30 });
    expect(judge({}, given).reasons).toEqual(['Invited more than 30 days ago']);
  });

  it.each<[PruneRules, Partial<TesterFacts>, boolean]>([
    [{ states: ['INVITED', 'NOT_INVITED'] }, { state: 'INVITED' }, true],
    [{ states: ['INVITED'] }, { state: 'INSTALLED' }, false],
    [{ states: ['INVITED'] }, { state: null }, false],
    [{ neverInstalled: true }, { hasInstalled: false }, true],
    [{ neverInstalled: true }, {}, false],
    [{ groupIds: ['g2', 'g1'] }, {}, true],
    [{ groupIds: ['g2'] }, {}, false],
    [{ inviteTypes: ['PUBLIC_LINK'] }, { inviteType: 'PUBLIC_LINK' }, true],
    [{ inviteTypes: ['PUBLIC_LINK'] }, {}, false],
    [{ neverInstalled: true, withoutTags: ['vip'] }, { hasInstalled: false, tags: ['vip'] }, false],
    [{ neverInstalled: true, withoutTags: ['vip'] }, { hasInstalled: false, tags: ['x'] }, true],
  ])('%j for %j', (given, facts, isPruned) => {
    expect(judge(facts, pruneRules.parse(given)).isPruned).toBe(isPruned);
  });

  it('refuse to be empty, unknown or out of range', () => {
    for (const bad of [
      {},
      { withoutTags: ['x'] },
      { noFeedbackEver: false },
      { invitedBeforeDays: 0 },
      { noSessionDays: 0 },
      { noSessionDays: 366 },
      { everybody: true },
    ]) {
      expect(pruneRules.safeParse(bad).success).toBe(false);
    }
  });
});
