import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestOf } from '@/lib/asc/client';
import { allOperations, queryRules } from '@/lib/asc/operations';
import { buildQuery, checkQuery, parametersOf, parseQuery } from '@/lib/asc/query';
import type { AscQuery } from '@/lib/asc/query-types';
import { anyQuery } from '../../factories/any-query';

const groups = queryRules({ type: 'betaGroups', operation: 'list' });

describe('a query', () => {
  it('names each parameter once, in Apple’s spelling, lists joined by commas', () => {
    const query: AscQuery = {
      filter: { app: ['1', '2'], isInternalGroup: false, name: 'Ä & Ö', builds: [] },
      sort: ['-createdDate', 'name'],
      include: ['builds'],
      fields: { betaGroups: ['name', 'builds'] },
      limit: { page: 200, builds: 10 },
    };
    expect(parametersOf(query)).toEqual([
      ['filter[app]', '1,2'],
      ['filter[isInternalGroup]', 'false'],
      ['filter[name]', 'Ä & Ö'],
      ['sort', '-createdDate,name'],
      ['include', 'builds'],
      ['fields[betaGroups]', 'name,builds'],
      ['limit', '200'],
      ['limit[builds]', '10'],
    ]);
    expect(buildQuery({ filter: { name: 'Ä & Ö' } })).toBe('filter%5Bname%5D=%C3%84%20%26%20%C3%96');
  });

  it.each<[string, AscQuery, string]>([
    ['filter', { filter: { nickname: 'x' } }, 'filter[nickname]'],
    ['filter of the prototype', { filter: { constructor: 'x' } }, 'filter[constructor]'],
    ['sort', { sort: ['-betaTesters'] }, 'sort'],
    ['include', { include: ['individualTesters'] }, 'include'],
    ['type of fields', { fields: { users: ['username'] } }, 'fields[users]'],
    ['field', { fields: { betaGroups: ['nickname'] } }, 'fields[betaGroups]'],
    ['limit', { limit: { page: 201 } }, 'limit'],
    ['limit of nothing', { limit: { page: 0 } }, 'limit'],
    ['include limit', { limit: { builds: 1001 } }, 'limit[builds]'],
    ['limit of a to-one include', { limit: { app: 5 } }, 'limit[app]'],
    ['exists', { exists: { name: true } }, 'exists[name]'],
    ['period', { period: 'P7D' }, 'period'],
  ])('with an unknown %s is refused by name', (_name, query, parameter) => {
    expect(checkQuery(groups, query).map((problem) => problem.parameter)).toEqual([parameter]);
  });

  it('misses a filter Apple insists on', () => {
    const rules = queryRules({ type: 'betaAppReviewDetails', operation: 'list' });
    for (const filter of [{}, { app: '' }, { app: [] }]) {
      expect(checkQuery(rules, { filter })).toEqual([
        { parameter: 'filter[app]', message: 'This filter is required.' },
      ]);
    }
    expect(checkQuery(rules, { filter: { app: '1' } })).toEqual([]);
  });

  it('read from a URL reports what is repeated or unknown instead of guessing', () => {
    const read = (text: string) => parseQuery(groups, new URLSearchParams(text));
    expect(read('filter[app]=1&filter[app]=2').problems.map(({ parameter }) => parameter)).toEqual([
      'filter[app]',
    ]);
    expect(read('cursor=x').problems).toEqual([
      { parameter: 'cursor', message: 'This parameter is not offered here.' },
    ]);
    expect(read('limit=many').problems.map(({ parameter }) => parameter)).toEqual(['limit']);
    expect(read('filter[__proto__]=1').problems.map(({ parameter }) => parameter)).toEqual([
      'filter[__proto__]',
    ]);
    expect(read('__proto__[app]=1').problems.map(({ parameter }) => parameter)).toEqual(['__proto__[app]']);
    const builds = queryRules({ type: 'builds', operation: 'list' });
    const exists = parseQuery(builds, new URLSearchParams('exists[usesNonExemptEncryption]=maybe'));
    expect(exists.problems).toHaveLength(1);
  });

  it('survives the way into a URL and back, for every read of the catalogue', () => {
    const reads = allOperations().filter(({ operation }) =>
      ['list', 'get', 'related', 'linkage', 'metrics', 'report'].includes(operation),
    );
    fc.assert(
      fc.property(fc.constantFrom(...reads), fc.infiniteStream(fc.nat()), (address, chance) => {
        const query = anyQuery(queryRules(address), () => chance.next().value ?? 0);
        const parsed = parseQuery(queryRules(address), new URLSearchParams(buildQuery(query)));
        expect(parsed.problems).toEqual([]);
        expect(parametersOf(parsed.query).sort()).toEqual(parametersOf(query).sort());
        expect(requestOf({ ...address, id: 'i/1', query }).path).not.toContain('i/1');
      }),
      { numRuns: 300 },
    );
  });
});
