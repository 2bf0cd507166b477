import { expect, it } from 'vitest';
import { filterWords, jobState, skippedWords } from '@/components/jobs/job-words';

const words = (kind: string, params: object, skipped: number) =>
  skippedWords({ kind, params, counts: { skipped } } as unknown as Parameters<typeof skippedWords>[0]);

it('tells of a dry run of a file what would be sent apart from what is left as it is', () => {
  expect(words('apply-programme', { isDryRun: true, planned: 7 }, 10)).toBe('7 planned, 3 left');
  expect(words('apply-programme', { isDryRun: true, planned: 10 }, 10)).toBe('10 planned');
  expect(words('apply-programme', { planned: 7 }, 3)).toBe('3 left');
  expect(words('invite', { isDryRun: true }, 4)).toBe('4 planned');
  expect(words('invite', {}, 4)).toBe('4 not needed');
});

it('calls the filter of what is not sent by what became of it', () => {
  const filter = (kind: string, params: object, status: 'skipped' | 'done') =>
    filterWords({ kind, params } as unknown as Parameters<typeof filterWords>[0], status);
  expect(filter('apply-programme', {}, 'skipped')).toBe('Left');
  expect(filter('apply-programme', { isDryRun: true }, 'skipped')).toBe('Planned or left');
  expect(filter('invite', { isDryRun: true }, 'skipped')).toBe('Planned');
  expect(filter('invite', {}, 'skipped')).toBe('Not needed');
  expect(filter('invite', {}, 'done')).toBe('Done');
});

it('calls a job that is over or paused so, also while it is looked up what became of something', () => {
  const counts = { failed: 0, noEffect: 0 };
  const waiting = { until: '2026-11-30T09:00:00Z', reason: 'The key is refused.' };
  const state = (status: string) =>
    jobState({ kind: 'invite', status, counts, waiting, hold: null } as unknown as Parameters<
      typeof jobState
    >[0]).words;
  expect(['cancelled', 'paused', 'running'].map(state)).toEqual([
    'Cancelled',
    'Paused',
    'Waiting for App Store Connect',
  ]);
});
