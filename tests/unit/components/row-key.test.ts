import { describe, expect, it } from 'vitest';
import { pick, pickedKey, rowKey } from '@/components/ui/data-table/memory';

const app = (accountId: string) => ({ id: '1', meta: { accountId, stale: false } });
const tester = (appId: string) => ({ id: 't', meta: { accountId: 'one', appId } });

describe('the key of a row', () => {
  it('tells one app in two accounts apart, and one person in two apps', () => {
    expect(rowKey(app('one'))).not.toBe(rowKey(app('two')));
    expect(rowKey(tester('1'))).not.toBe(rowKey(tester('2')));
    expect(rowKey(app('one'))).toBe(rowKey(app('one')));
  });

  it('is the same for a row and for what is kept of it when it is selected', () => {
    for (const row of [app('one'), app('two'), tester('1'), { id: '7' }]) {
      expect(pickedKey(pick(row))).toBe(rowKey(row));
    }
  });
});
