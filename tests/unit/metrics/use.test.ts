import { expect, it } from 'vitest';
import { daysOf, growthOf } from '@/lib/services/metrics/growth';
import { usesOf } from '@/lib/services/metrics/use';

const TODAY = '2026-11-30';
const build = (id: string, more: object = {}) => ({
  ...{ accountId: 'a', appId: 'app', id, version: '7', trainVersion: '1.4', platform: 'IOS', expired: 0 },
  ...{ uploadedDate: `${TODAY}T08:00:00Z`, processingState: 'VALID', ...more },
});
const reading = (buildId: string, day = TODAY, sessionCount = 5) => ({
  ...{ accountId: 'a', appId: 'app', buildId, day, readAt: Date.parse(day), sessionCount },
  ...{ installCount: 2, crashCount: 1, feedbackCount: 0, inviteCount: 0 },
});

/** What the sessions of all builds come to on a day. */
function sessions(readings: ReturnType<typeof reading>[], builds: ReturnType<typeof build>[], day = TODAY) {
  const parts = usesOf(readings, builds, []).flatMap(({ figures }) => figures.sessionCount ?? []);
  const range = { from: day, to: day };
  const [told] = daysOf(growthOf(parts, range), range);
  return { value: told?.value, parts: told?.parts, unread: told?.unread };
}

it('tells no sum while a build that can be used waits for its first reading', () => {
  const builds = [build('one'), build('two')];
  expect(sessions([reading('one')], builds)).toEqual({ value: null, parts: 2, unread: 1 });
  expect(sessions([reading('one'), reading('two')], builds)).toEqual({ value: 10, parts: 2, unread: 0 });
});

it('does not wait for what is expired, still processed, or of a later day than what is asked for', () => {
  const others = [
    build('expired', { expired: 1 }),
    build('processing', { processingState: 'PROCESSING' }),
    build('later', { uploadedDate: '2026-12-02T08:00:00Z' }),
  ];
  expect(sessions([reading('one')], [build('one'), ...others])).toEqual({ value: 5, parts: 1, unread: 0 });
});

it('leaves the days before as they were', () => {
  const old = build('one', { uploadedDate: '2026-11-01T08:00:00Z' });
  const readings = [
    reading('one', '2026-11-28', 5),
    reading('one', '2026-11-29', 8),
    reading('one', TODAY, 9),
  ];
  const never = build('never', { uploadedDate: '2026-11-02T08:00:00Z' });
  expect(sessions(readings, [old, never], '2026-11-29')).toEqual({ value: 3, parts: 1, unread: 0 });
  expect(sessions(readings, [old, never])).toEqual({ value: null, parts: 2, unread: 1 });
});
