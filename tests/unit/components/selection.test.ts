import { describe, expect, it } from 'vitest';
import { targetsOf } from '@/components/people/selection';
import { onlyRows, withoutSome } from '@/components/ui/data-table/rows-query';
import type { Picked, Selection } from '@/components/ui/data-table/types';
import type { TesterResource } from '@/lib/browser/types';

const app = (id: string, accountId: string) => ({ type: 'apps', id, meta: { accountId } });
const APPS = [app('1', 'one'), app('1', 'two'), app('2', 'one')];
const twin: Picked = { id: 't', appId: '1', accountId: 'two' };

const everything = (except: readonly Picked[], query = 'search=ada'): Selection<TesterResource> => ({
  rows: [],
  picked: [],
  ids: [],
  isEverything: true,
  except,
  size: { count: 9, isLowerBound: false },
  query: withoutSome(query, except),
});
const asked = (query: string) => Object.fromEntries(new URLSearchParams(query));
const exceptOf = (targets: ReturnType<typeof targetsOf>) =>
  targets.map(({ appId, accountId, testers }) => [
    accountId,
    appId,
    'except' in testers ? testers.except : null,
  ]);

describe('one row taken out of all that match', () => {
  it('leaves its twin in the other account in, in the list and in the job', () => {
    const selection = everything([twin]);
    expect(asked(selection.query)).toEqual({ search: 'ada', 'filter[not.row]': 'two~1~t' });
    const targets = targetsOf(selection, APPS, undefined);
    expect(exceptOf(targets)).toEqual([
      ['one', '1', []],
      ['two', '1', ['t']],
      ['one', '2', []],
    ]);
    expect(targets.map(({ testers }) => testers)).toEqual(
      targets.map(() => expect.objectContaining({ matching: { filter: {}, search: 'ada' } })),
    );
  });

  it('counts in every app and account as an older tab kept it: by what it knows', () => {
    const bare = everything([{ id: 't' }]);
    expect(asked(bare.query)).toEqual({ search: 'ada', 'filter[not.id]': 't' });
    expect(exceptOf(targetsOf(bare, APPS, undefined)).map(([, , except]) => except)).toEqual([
      ['t'],
      ['t'],
      ['t'],
    ]);
    const ofAnApp = everything([{ id: 't', appId: '2' }]);
    expect(exceptOf(targetsOf(ofAnApp, APPS, undefined)).map(([, , except]) => except)).toEqual([
      [],
      [],
      ['t'],
    ]);
  });

  it('tells those kept by id and those kept whole side by side', () => {
    expect(asked(withoutSome('sort=name', [twin, { id: 'u' }]))).toEqual({
      sort: 'name',
      'filter[not.row]': 'two~1~t',
      'filter[not.id]': 'u',
    });
    expect(withoutSome('sort=name', [])).toBe('sort=name');
  });
});

it('is everything of the account that the pages of an app show, and of no other', () => {
  const targets = targetsOf(everything([], 'filter[apps]=1'), APPS, 'two');
  expect(exceptOf(targets)).toEqual([['two', '1', []]]);
});

it('asks for the rows that were chosen, not for their twins', () => {
  expect(asked(onlyRows([twin, { ...twin, accountId: 'one' }]))).toEqual({
    'filter[row]': 'two~1~t,one~1~t',
  });
  expect(asked(onlyRows([twin, { id: 'u' }]))).toEqual({ 'filter[id]': 't,u' });
});
