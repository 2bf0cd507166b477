import { expect, it } from 'vitest';
import { crashTime, whyEnded } from '@/lib/format/feedback';

const codesOf = (codes: string | null) => {
  const exception = { type: 'EXC_CRASH', signal: 'SIGABRT', codes, subtype: null, message: null };
  return new Map(whyEnded({ exception, termination: null, thrown: null })).get('Codes');
};

it.each(['0x0, 0x0', '0x0000000000000000, 0x0000000000000000', '0', '', null])(
  'codes that say nothing are not told: %s',
  (codes) => expect(codesOf(codes)).toBe(''),
);

it.each(['0x1, 0x0', '0x0000000000000001, 0x000000000000193c', 'KERN_INVALID_ADDRESS at 0x0'])(
  'codes that say something are told as they are: %s',
  (codes) => expect(codesOf(codes)).toBe(codes),
);

it('the time of a crash is told without what nobody reads, and as it is where it is written otherwise', () => {
  expect(crashTime('2026-11-29 10:06:09.8687 -0800')).toBe('2026-11-29 10:06:09 (UTC-08:00)');
  expect(crashTime('2026-11-29 10:06:09 +0530')).toBe('2026-11-29 10:06:09 (UTC+05:30)');
  expect(crashTime('yesterday')).toBe('yesterday');
  expect(crashTime(null)).toBe('');
});
