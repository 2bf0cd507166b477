import { describe, expect, it } from 'vitest';
import { judgeTester, type TesterFacts } from '@/lib/services/people/prune/evaluate';
import { type PruneRules, pruneRules } from '@/lib/services/people/prune/rules';

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
  knownSince: NOW - 45 * DAY,
  hasInstalled: true,
};
const rules = pruneRules.parse({ noSessionDays: 90, noFeedbackEver: true, invitedBeforeDays: 30 });
const judge = (facts: Partial<TesterFacts>, given: PruneRules = rules) =>
  judgeTester(given, { ...idle, ...facts }, NOW);

describe('pruning rules', () => {
  it('prune who meets every one of them, and say why', () => {
    expect(judge({})).toEqual({
      isPruned: true,
      reasons: ['Here for 45 days', 'No session in 90 days', 'No feedback ever'],
    });
  });

  it.each<[string, Partial<TesterFacts>, string]>([
    ['protected', { isProtected: true }, 'Protected'],
    ['active', { sessions: 3 }, '3 sessions in 90 days'],
    ['active once', { sessions: 1 }, '1 session in 90 days'],
    ['of unknown activity', { sessions: null }, 'Sessions unknown'],
    ['with feedback', { feedback: 2 }, 'Sent feedback 2 times'],
    ['invited lately', { knownSince: NOW - 30 * DAY }, 'Here for 30 days'],
    ['invited at an unknown time', { knownSince: null }, 'Invited at an unknown time'],
  ])('keep somebody %s', (_name, facts, reason) => {
    expect(judge(facts)).toEqual({ isPruned: false, reasons: [reason] });
  });

  it('can take an unknown invitation for an old one', () => {
    const given = pruneRules.parse({ invitedBeforeDays: 30, unknownInvitation: 'prune' });
    expect(judge({ knownSince: null }, given).isPruned).toBe(true);
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
      { noSessionDays: 0 },
      { noSessionDays: 366 },
      { everybody: true },
    ]) {
      expect(pruneRules.safeParse(bad).success).toBe(false);
    }
  });
});
