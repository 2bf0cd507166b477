import { expect, it } from 'vitest';
import { momentWords } from '@/components/builds/ship-choices';
import { isDryRun } from '@/components/jobs/job-words';

it('says a chosen moment with its weekday and zone, and the zone before anything is chosen', () => {
  expect(momentWords('2026-12-01T09:00', 'Europe/Berlin')).toMatch(
    /^Tuesday,? 1 December 2026 at 09:00, Europe\/Berlin\./,
  );
  expect(momentWords('', 'Europe/Berlin')).toMatch(/Europe\/Berlin/);
});

it('tells a dry run by what the job says of itself', () => {
  expect(isDryRun({ params: { isDryRun: true } })).toBe(true);
  expect(isDryRun({ params: { buildId: 'b1' } })).toBe(false);
  expect(isDryRun({ params: null })).toBe(false);
});
