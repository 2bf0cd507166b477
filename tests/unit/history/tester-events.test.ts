import { expect, it } from 'vitest';
import { eventValue, testerEventStatements } from '@/lib/history/tester-events';

const place = { accountId: 'a', appId: '1', testerId: 't', email: 'Ada@Example.com', at: 5 };

it.each([['41'], ['INVITED'], [{ groupIds: ['g'] }], [undefined]])(
  'reads back what it wrote: %j',
  (after) => {
    const [statement] = testerEventStatements([{ ...place, kind: 'state', after }]);
    expect(statement?.params.slice(0, 7)).toEqual(['a', '1', 't', 'ada@example.com', 5, 'state', null]);
    expect(eventValue((statement?.params[7] ?? null) as string | null)).toEqual(after ?? null);
  },
);

it('reads the plain words that stood there before', () => {
  expect(eventValue('INVITED')).toBe('INVITED');
});

it('writes many in parts', () => {
  const events = Array.from({ length: 450 }, () => ({ ...place, kind: 'joined' as const }));
  expect(testerEventStatements(events).map(({ params }) => params.length / 8)).toEqual([200, 200, 50]);
});
