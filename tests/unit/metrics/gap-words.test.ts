import { expect, it } from 'vitest';
import { gapWords } from '@/lib/format/metrics';

const NONE = { parts: 14, unread: 0, fresh: 0, dropped: 0 };

it('says why a day has no figure, and of how many parts', () => {
  expect(gapWords({ ...NONE, unread: 14 }, 'build')).toBe('Not read');
  expect(gapWords({ ...NONE, parts: 1, dropped: 1 }, 'build')).toBe('Counted from the beginning again');
  expect(gapWords({ ...NONE, fresh: 2 }, 'build')).toBe('2 of 14 builds: first read, or not the day before');
  expect(gapWords({ ...NONE, unread: 1, dropped: 1 }, 'build')).toBe(
    '2 of 14 builds: 1 not read, 1 counted from the beginning again',
  );
});
