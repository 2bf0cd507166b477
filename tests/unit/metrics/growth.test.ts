import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayAfter, everyDay } from '@/lib/format/utc-days';
import { daysOf, type Growing, growthOf, partOf, stretchesOf, sumOf } from '@/lib/services/metrics/growth';

const FIRST = '2026-02-26';
const day = (at: number) => dayAfter(FIRST, at);
const thing = (counts: Readonly<Record<number, number>>, more: Partial<Growing> = {}): Growing => ({
  readings: Object.entries(counts).map(([at, count]) => ({ day: day(Number(at)), count })),
  bornOn: null,
  isOpen: true,
  ...more,
});
const over = (things: readonly Growing[], to: number) => {
  const range = { from: day(0), to: day(to) };
  const growth = growthOf(
    things.flatMap((one) => partOf(one) ?? []),
    range,
  );
  return { ...growth, growth, days: daysOf(growth, range), stretches: stretchesOf(growth, range) };
};
const values = (things: readonly Growing[], to: number) => over(things, to).days.map(({ value }) => value);

describe('what grew on a day', () => {
  it('is the difference of two readings a day apart, across the end of a month; the first has none', () => {
    expect(values([thing({ 0: 10, 1: 12, 2: 12, 3: 20 })], 3)).toEqual([null, 2, 0, 8]);
  });

  it('begins anew where the count dropped', () => {
    const { days } = over([thing({ 0: 10, 1: 4, 2: 9 })], 2);
    expect(days.map(({ value, dropped }) => [value, dropped])).toEqual([
      [null, 0],
      [null, 1],
      [5, 0],
    ]);
  });

  it('is a gap where a day was missed, never zero, and what came meanwhile is told as a stretch', () => {
    const grown = over([thing({ 0: 10, 1: 12, 4: 30, 5: 31 })], 5);
    expect(grown.days.map(({ value }) => value)).toEqual([null, 2, null, null, null, 1]);
    expect(grown.stretches).toEqual([{ after: day(1), day: day(4), value: 18 }]);
    expect(sumOf(grown.growth, { from: day(0), to: day(5) })).toEqual({ value: 21, days: 5 });
    // A stretch that began before a range is not of it.
    expect(sumOf(grown.growth, { from: day(3), to: day(5) })).toEqual({ value: 1, days: 1 });
  });

  it('is a sum only where every part has a figure, and says how many have none', () => {
    const { days, stretches } = over([thing({ 0: 1, 1: 2, 2: 3 }), thing({ 0: 5, 2: 9 })], 2);
    expect(days.map(({ value, parts, unread, fresh }) => [value, parts, unread, fresh])).toEqual([
      [null, 2, 0, 2],
      [null, 2, 1, 0],
      [null, 2, 0, 1],
    ]);
    expect(stretches).toEqual([{ after: day(0), day: day(2), value: 6 }]);
  });

  it('counts a build from zero that was uploaded since the day before, and leaves it out once it has expired', () => {
    const old = thing({ 0: 10, 1: 11, 2: 12 }, { isOpen: false });
    const fresh = thing({ 2: 7, 3: 8, 4: 8 }, { bornOn: day(1) });
    expect(values([old, fresh], 4)).toEqual([null, 1, 8, 1, 0]);
    // Of one that came earlier nobody knows what it counted the day before.
    expect(values([old, { ...fresh, bornOn: day(0) }], 4)).toEqual([null, 1, null, 1, 0]);
  });

  it('is not known while a part that is still there was not read', () => {
    expect(values([thing({ 0: 1, 1: 2 })], 3)).toEqual([null, 1, null, null]);
    expect(over([thing({ 0: 1, 1: 2 })], 3).days.at(-1)).toMatchObject({ parts: 1, unread: 1 });
    expect(over([], 1).days).toEqual(
      [0, 1].map((at) => ({ day: day(at), value: null, parts: 0, unread: 0, fresh: 0, dropped: 0 })),
    );
  });

  it('is what Apple itself told of the day, where it told of days', () => {
    const days = new Map([
      [day(1), 4],
      [day(2), 0],
    ]);
    expect(values([thing({ 1: 100, 2: 90 }, { days })], 3)).toEqual([null, 4, 0, null]);
  });
});

const GROWTHS = fc.array(
  fc.record({
    growth: fc.array(fc.nat(50), { minLength: 12, maxLength: 12 }),
    missed: fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { maxLength: 6 }),
  }),
  { minLength: 1, maxLength: 4 },
);

describe('whatever was missed', () => {
  it('days and stretches never overlap and add up to all that came between the first and the last reading', () => {
    fc.assert(
      fc.property(GROWTHS, (parts) => {
        const things = parts.map(({ growth, missed }) => {
          let count = 0;
          const counts: Record<number, number> = {};
          for (const [at, more] of growth.entries()) {
            count += more;
            if (!missed.includes(at)) counts[at] = count;
          }
          return thing(counts);
        });
        const grown = over(things, 11);
        const all = parts.reduce(
          (sum, { growth }) => sum + growth.slice(1).reduce((one, more) => one + more, 0),
          0,
        );
        expect(sumOf(grown.growth, { from: day(1), to: day(11) })).toEqual({ value: all, days: 11 });
        const told = grown.stretches.flatMap((one) => everyDay(dayAfter(one.after), one.day));
        const known = grown.days.filter(({ value }) => value !== null).map((one) => one.day);
        expect(new Set([...told, ...known]).size).toBe(told.length + known.length);
      }),
    );
  });

  it('no day has a figure whose own reading or the one before is missing', () => {
    fc.assert(
      fc.property(GROWTHS, (parts) => {
        const things = parts.map(({ growth, missed }) =>
          thing(
            Object.fromEntries(growth.flatMap((count, at) => (missed.includes(at) ? [] : [[at, count]]))),
          ),
        );
        for (const { day: one, value } of over(things, 11).days) {
          const wasRead = (when: string) =>
            things.every(({ readings }) => readings.some((reading) => reading.day === when));
          if (value !== null)
            expect([wasRead(one), wasRead(dayAfter(one, -1)), value >= 0]).toEqual([true, true, true]);
        }
      }),
    );
  });
});
