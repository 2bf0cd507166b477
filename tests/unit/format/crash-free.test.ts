import { expect, it } from 'vitest';
import { crashFree, crashFreeWords } from '@/lib/format/crash-free';

it.each([
  [1_000, 0, '100%', '1 − 0 crashes ÷ 1,000 sessions'],
  [1_000, 6, '99.4%', '1 − 6 crashes ÷ 1,000 sessions'],
  // One crash is never none.
  [1_000_000, 1, '99.9%', '1 − 1 crash ÷ 1,000,000 sessions'],
  [1, 1, '0%', '1 − 1 crash ÷ 1 session'],
  [2, 3, '0%', '1 − 3 crashes ÷ 2 sessions'],
  [0, 0, null, 'No sessions yet: no share can be told.'],
  [0, 2, null, 'No sessions are counted, but 2 crashes: no share can be told.'],
  [null, 4, null, 'Sessions and crashes have not been read yet.'],
  [4, undefined, null, 'Sessions and crashes have not been read yet.'],
])('%s sessions with %s crashes', (sessionCount, crashCount, share, words) => {
  const use = { sessionCount, crashCount };
  expect([crashFree(use), crashFreeWords(use)]).toEqual([share, words]);
});
