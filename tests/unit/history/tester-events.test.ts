import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventValue, testerEventStatements } from '@/lib/history/tester-events';
import type { Database } from '@/lib/store/database';
import { testDatabase } from '../../factories/database';

const place = { accountId: 'a', appId: '1', testerId: 't', email: 'Ada@Example.com', at: 5 };

let db: Database;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.close());

const stored = () => db.read(db.build.selectFrom('testerEvents').selectAll().orderBy('id'));

it.each([['41'], ['INVITED'], [{ groupIds: ['g'] }], [undefined]])(
  'reads back what it wrote: %j',
  async (after) => {
    await db.write(testerEventStatements([{ ...place, kind: 'state', after }]));
    const [row] = await stored();
    const { email, ...kept } = place;
    expect(row).toMatchObject({ ...kept, emailLower: email.toLowerCase(), kind: 'state', before: null });
    expect(eventValue(row?.after ?? null)).toEqual(after ?? null);
  },
);

it('reads the plain words that stood there before', () => {
  expect(eventValue('INVITED')).toBe('INVITED');
});

it('writes many in parts, in their order', async () => {
  const events = Array.from({ length: 450 }, (_, at) => ({ ...place, at, kind: 'joined' as const }));
  const changes = await db.write(testerEventStatements(events));
  expect(Math.max(...changes)).toBeLessThanOrEqual(200);
  expect((await stored()).map(({ at }) => at)).toEqual(events.map(({ at }) => at));
});
