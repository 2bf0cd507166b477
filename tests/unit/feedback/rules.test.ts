import { describe, expect, it } from 'vitest';
import { effectsOf, matchesFrame, type RuledIssue, type TriageRule } from '@/lib/feedback/rules';

const FRAMES = [
  'CheckoutView.pay()\tDemo\t/Users/ci/Demo/Checkout/CheckoutView.swift\nmain\tDemo\t',
  'PaymentsKit.Session.open\tPaymentsKit\t',
];
const rule = (more: Partial<TriageRule> & { id: string }): TriageRule => ({
  ...{ name: more.id, accountId: null, appId: null, label: null, frame: null },
  ...{ assigneeId: null, priority: null, addLabel: null },
  ...more,
});
const issue = (more: Partial<RuledIssue> = {}): RuledIssue => ({
  ...{ id: 'i', accountId: 'a', appId: 'app', status: 'new', assigneeId: null, priority: 0 },
  ...{ isAssignedByHand: 0, isPrioritisedByHand: 0, labels: new Set(), frames: FRAMES, applied: new Set() },
  ...more,
});
const done = (rules: readonly TriageRule[], more: Partial<RuledIssue> = {}) =>
  Object.fromEntries(effectsOf(rules, issue(more)));

describe('a pattern of calls', () => {
  it.each([
    ['CheckoutView.pay()', true],
    ['checkoutview.PAY()', true],
    ['CheckoutView', false],
    ['CheckoutView*', true],
    ['*pay*', true],
    ['PaymentsKit', true],
    ['PaymentsKit.*.open', true],
    ['PaymentsKit.*.close', false],
    ['CheckoutView.swift', true],
    ['/Users/ci/Demo/Checkout/CheckoutView.swift', true],
    ['*.swift', true],
    ['pay()', false],
    ['main*main', false],
    ['**main**', true],
    ['.*', false],
    ['[a-z]+', false],
    ['*', true],
  ])('%s: %s', (pattern, is) => {
    expect(matchesFrame(pattern, FRAMES)).toBe(is);
  });

  it('is looked for in one go, however it is written', () => {
    const began = performance.now();
    expect(matchesFrame(`${'*a'.repeat(100)}b`, [`${'a'.repeat(18_000)}\tx\t`])).toBe(false);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('finds nothing where nothing is known', () => {
    expect(matchesFrame('*', [])).toBe(false);
    expect(matchesFrame('*', ['\t\t'])).toBe(false);
  });
});

describe('rules in their order', () => {
  const pay = rule({ id: 'pay', frame: '*pay*', assigneeId: 'ann', addLabel: 'Checkout' });
  const labelled = rule({ id: 'labelled', label: 'checkout', priority: 3 });
  const rest = rule({ id: 'rest', assigneeId: 'bob', priority: 1 });

  it('let the first that assigns do it, and later ones see labels of earlier ones', () => {
    expect(done([pay, labelled, rest])).toEqual({
      pay: { assigneeId: 'ann', addLabel: 'Checkout' },
      labelled: { priority: 3 },
    });
    expect(done([rest, pay, labelled])).toEqual({
      rest: { assigneeId: 'bob', priority: 1 },
      pay: { addLabel: 'Checkout' },
    });
  });

  it('pass over who works on feedback no more, and let the next one assign', () => {
    expect(done([{ ...pay, assigneeId: null }, rest])).toMatchObject({ rest: { assigneeId: 'bob' } });
  });

  it('say nothing of what a person has said, of what is closed, and nothing twice', () => {
    expect(done([rest], { isAssignedByHand: 1 })).toEqual({ rest: { priority: 1 } });
    expect(done([rest], { isAssignedByHand: 1, isPrioritisedByHand: 1 })).toEqual({});
    expect(done([rest], { assigneeId: 'eve', priority: 4 })).toEqual({});
    expect(done([rest], { status: 'resolved' })).toEqual({});
    expect(done([pay, rest], { applied: new Set(['pay', 'rest']) })).toEqual({});
  });

  it('are about an app of one account', () => {
    const ofApp = rule({ id: 'app', accountId: 'a', appId: 'app', assigneeId: 'ann' });
    expect(done([ofApp])).toHaveProperty('app');
    expect(done([ofApp], { appId: 'other' })).toEqual({});
    expect(done([ofApp], { accountId: 'b' })).toEqual({});
  });
});
