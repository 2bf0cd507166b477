import { describe, expect, it } from 'vitest';
import type { Course, Found, Wanted } from '@/lib/services/alerts/facts/types';
import { judge } from '@/lib/services/alerts/find';

const WANTED: Wanted = { kind: 'slotsAbove', app: null, threshold: 90, least: 0 };
const SAID = { title: 'Full', detail: null, level: 'bad', path: '/' } as const;

/** How a thing stood at 1, 2, 3 …; x is over its threshold. */
function course(stands: string, subject = 'g1'): Course {
  const points = [...stands].map((each, nth) => ({ at: nth + 1, over: each === 'x' ? SAID : null }));
  return { subject, accountId: 'a', appId: '1', app: 'Papaya', points };
}

const found = (...courses: Course[]): Found => ({ facts: [], courses, tellsFrom: null });
const judged = (
  stands: string,
  {
    from = 0,
    marks = {},
    kind = WANTED.kind,
  }: { from?: number; marks?: Record<string, boolean>; kind?: Wanted['kind'] } = {},
) => {
  const { facts, marks: kept } = judge(
    found(course(stands)),
    { ...WANTED, kind },
    {
      ...{ since: from, comparedFrom: from, marks: new Map(Object.entries(marks)) },
    },
  );
  return { at: facts.map(({ at }) => at), marks: Object.fromEntries(kept) };
};

describe('what is compared', () => {
  it('is told when it crosses, and again only after it was back', () => {
    expect(judged('.xx.x')).toEqual({ at: [2, 5], marks: { g1: true } });
    expect(judged('.xx.')).toEqual({ at: [2], marks: {} });
    expect(judged('....')).toEqual({ at: [], marks: {} });
  });

  it('is told at once where it is so already, and not again while that is kept', () => {
    expect(judged('xxx', { from: 2 })).toEqual({ at: [3], marks: { g1: true } });
    expect(judged('xxx', { from: 2, marks: { g1: true } })).toEqual({ at: [], marks: { g1: true } });
    expect(judged('xx.x', { from: 2, marks: { g1: true } })).toEqual({ at: [4], marks: { g1: true } });
  });

  it('is told by its change alone where that is the news', () => {
    expect(judged('xxx', { kind: 'linkClosed' })).toEqual({ at: [], marks: {} });
    expect(judged('x.x', { kind: 'linkClosed' })).toEqual({ at: [3], marks: { g1: true } });
    expect(judged('x.', { kind: 'linkClosed' })).toEqual({ at: [], marks: { g1: false } });
    expect(judged('..x', { kind: 'linkClosed', from: 2, marks: { g1: false } })).toEqual({
      at: [3],
      marks: { g1: true },
    });
  });

  it('that is gone is kept no more, and told anew when it comes back', () => {
    const marks = new Map([['g1', true]]);
    expect(judge(found(), WANTED, { since: 0, comparedFrom: 0, marks })).toEqual({
      facts: [],
      marks: new Map(),
    });
  });

  it('has a key of its own for each crossing, the same however often it is looked at', () => {
    const keys = (from: number) =>
      judge(found(course('.x.x')), WANTED, { since: from, comparedFrom: from, marks: new Map() }).facts.map(
        ({ key }) => key,
      );
    expect(new Set(keys(0)).size).toBe(2);
    expect(keys(1)).toEqual(keys(0));
  });
});
