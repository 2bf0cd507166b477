import { describe, expect, it } from 'vitest';
import { dueSlot, nextDigest, type Schedule } from '@/lib/services/digest/due';

const HOUR_MS = 3_600_000;
const at = (iso: string) => Date.parse(iso);
const berlin = (weekday: number, hour: number): Schedule => ({ weekday, hour, timeZone: 'Europe/Berlin' });
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** Every digest that is sent when somebody looks at each of these instants. */
function sent(schedule: Schedule, looks: Iterable<number>, since = 0): string[] {
  let last: number | null = null;
  const slots: string[] = [];
  for (const now of looks) {
    const slot = dueSlot(schedule, { now, since, last });
    if (slot === null) continue;
    last = slot;
    slots.push(new Date(slot).toISOString());
  }
  return slots;
}

function* every(ms: number, from: string, to: string) {
  for (let now = at(from); now <= at(to); now += ms) yield now;
}

describe('a weekly digest', () => {
  it('comes once a week at the hour of the wall, over both changes of the clock', () => {
    expect(sent(berlin(1, 9), every(HOUR_MS / 4, '2026-10-15T00:00:00Z', '2026-11-05T00:00:00Z'))).toEqual([
      '2026-10-19T07:00:00.000Z',
      '2026-10-26T08:00:00.000Z',
      '2026-11-02T08:00:00.000Z',
    ]);
    expect(sent(berlin(1, 9), every(HOUR_MS / 4, '2026-03-20T00:00:00Z', '2026-04-07T00:00:00Z'))).toEqual([
      '2026-03-23T08:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
      '2026-04-06T07:00:00.000Z',
    ]);
  });

  it('comes once in the hour that the clock leaves out, and in the one that it has twice', () => {
    const spring = sent(berlin(0, 2), every(HOUR_MS / 4, '2026-03-28T00:00:00Z', '2026-04-06T00:00:00Z'));
    expect(spring).toHaveLength(2);
    expect(spring[0]).toMatch(/^2026-03-29T01/);
    const autumn = sent(berlin(0, 2), every(HOUR_MS / 4, '2026-10-24T00:00:00Z', '2026-11-02T00:00:00Z'));
    expect(autumn).toHaveLength(2);
    expect(autumn[0]).toMatch(/^2026-10-25T0[01]/);
  });

  it('comes once when the clock is set back, forward, and right again', () => {
    const looks = [
      '2026-11-02T08:30:00Z',
      '2026-11-01T00:00:00Z',
      '2026-11-02T08:10:00Z',
      '2026-11-03T08:10:00Z',
    ];
    expect(sent(berlin(1, 9), looks.map(at))).toEqual(['2026-11-02T08:00:00.000Z']);
  });

  it('comes late after a day without a process, and not at all after three', () => {
    expect(sent(berlin(1, 9), [at('2026-11-03T20:00:00Z')])).toEqual(['2026-11-02T08:00:00.000Z']);
    expect(sent(berlin(1, 9), [at('2026-11-05T20:00:00Z')])).toEqual([]);
  });

  it('comes not for an hour before it was switched on, and not twice in a week when the day is changed', () => {
    const now = at('2026-11-02T10:00:00Z');
    expect(dueSlot(berlin(1, 9), { now, since: now - 1, last: null })).toBeNull();
    const last = at('2026-11-02T08:00:00Z');
    expect(dueSlot(berlin(2, 9), { now: at('2026-11-03T10:00:00Z'), since: 0, last })).toBeNull();
    expect(iso(nextDigest(berlin(2, 9), now, last))).toBe('2026-11-10T08:00:00.000Z');
    expect(iso(nextDigest(berlin(1, 9), now, last))).toBe('2026-11-09T08:00:00.000Z');
  });

  it('comes never in a zone that is none', () => {
    expect(nextDigest({ ...berlin(1, 9), timeZone: 'Mars/Olympus' }, 0, null)).toBeNull();
  });
});
