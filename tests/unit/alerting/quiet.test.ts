import { describe, expect, it } from 'vitest';
import { isTimeZone, quietUntil } from '@/lib/services/alerting/quiet';

const at = (text: string) => Date.parse(text);
const until = (settings: object, moment: string) => {
  const quiet = {
    timeZone: 'Europe/Berlin',
    isQuiet: true,
    quietFrom: '22:00',
    quietTo: '07:00',
    ...settings,
  };
  const end = quietUntil(quiet, at(moment));
  return end === null ? null : new Date(end).toISOString().slice(0, 16);
};

describe('quiet hours', () => {
  it('end by the clock of their zone, over midnight or not', () => {
    expect(until({}, '2026-01-10T21:00:00Z')).toBe('2026-01-11T06:00');
    expect(until({}, '2026-01-10T20:59:59Z')).toBeNull();
    expect(until({}, '2026-01-11T05:59:59Z')).toBe('2026-01-11T06:00');
    expect(until({}, '2026-01-11T06:00:00Z')).toBeNull();
    expect(until({ quietFrom: '12:00', quietTo: '13:00' }, '2026-01-10T11:30:00Z')).toBe('2026-01-10T12:00');
    expect(until({ timeZone: 'Asia/Kathmandu' }, '2026-01-10T16:20:00Z')).toBe('2026-01-11T01:15');
  });

  it('are an hour shorter when clocks go forward, and longer when they go back', () => {
    expect(until({}, '2026-03-28T21:00:00Z')).toBe('2026-03-29T05:00');
    expect(until({}, '2026-10-24T20:00:00Z')).toBe('2026-10-25T06:00');
  });

  it('end in an hour that there is not, or that comes twice, once', () => {
    // 02:30 is skipped: they end when the clock shows the first time after it.
    const short = until({ quietTo: '02:30' }, '2026-03-28T23:00:00Z');
    expect(['2026-03-29T01:00', '2026-03-29T01:30']).toContain(short);
    const after = `${short}:01Z`;
    expect(until({ quietTo: '02:30' }, after)).toBeNull();
    const first = until({ quietTo: '02:30' }, '2026-10-24T23:00:00Z');
    expect(['2026-10-25T00:30', '2026-10-25T01:30']).toContain(first);
    // And through all of that night nothing is quiet for longer than a night.
    for (let ms = at('2026-10-24T12:00:00Z'); ms < at('2026-10-26T12:00:00Z'); ms += 15 * 60_000) {
      const end = until({ quietTo: '02:30' }, new Date(ms).toISOString());
      if (end !== null) expect(at(`${end}Z`) - ms).toBeLessThanOrEqual(5.5 * 3_600_000);
    }
  });

  it('are none while they are off, or as long as nothing', () => {
    expect(until({ isQuiet: false }, '2026-01-10T23:00:00Z')).toBeNull();
    expect(until({ quietTo: '22:00' }, '2026-01-10T23:00:00Z')).toBeNull();
  });

  it('know zones by the names that the IANA gives', () => {
    expect(['Europe/Berlin', 'UTC', 'Asia/Kathmandu'].every(isTimeZone)).toBe(true);
    expect(['Mars/Olympus', '', '../etc'].some(isTimeZone)).toBe(false);
  });
});
