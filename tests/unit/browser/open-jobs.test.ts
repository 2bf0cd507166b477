import { expect, it } from 'vitest';
import { untilNextLook } from '@/lib/browser/open-jobs';

const NOW = Date.parse('2026-11-30T09:00:00Z');
const at = (ms: number) => new Date(NOW + ms).toISOString();

it.each([
  ['runs', 'running', null, 1_000],
  ['is next in line', 'queued', null, 1_000],
  ['should have looked already', 'queued', -4_000, 1_000],
  ['looks again in five seconds', 'queued', 5_000, 6_000],
  ['sleeps for longer', 'queued', 300_000, 15_000],
  ['is over', 'done', null, 15_000],
] as const)('asks in time for a job that %s', (_, status, rest, expected) => {
  const scheduledAt = rest === null ? null : at(rest);
  expect(untilNextLook({ status, scheduledAt }, NOW)).toBe(expected);
});
