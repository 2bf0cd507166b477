import { describe, expect, it } from 'vitest';
import { IncludedIndex, isResource, linkagesOf, relationshipTotal } from '@/lib/asc/document';

const build = {
  type: 'builds',
  id: '1',
  relationships: {
    betaGroups: {
      data: [
        { type: 'betaGroups', id: 'a' },
        { type: 'betaGroups', id: 'b' },
      ],
      meta: { paging: { total: 70, limit: 50 } },
    },
    app: { data: { type: 'apps', id: '1' } },
    appStoreVersion: { data: null },
    icons: { links: { self: 'x' } },
    odd: 'text',
  },
};
const included = [
  { type: 'betaGroups', id: 'a', attributes: { name: 'A' } },
  { type: 'apps', id: '1', attributes: { name: 'App' } },
];

describe('included resources', () => {
  const index = new IncludedIndex({ included }, { included: null }, {});

  it('are found by type and id together', () => {
    expect(index.get('apps', '1')?.attributes?.name).toBe('App');
    expect(index.get('builds', '1')).toBeUndefined();
    expect(index.all('betaGroups').map(({ id }) => id)).toEqual(['a']);
  });

  it('tell what is missing from what is empty and from what was not said (R18)', () => {
    expect(index.resolve(build, 'betaGroups')).toEqual({
      found: [included[0]],
      missing: [{ type: 'betaGroups', id: 'b' }],
    });
    expect(index.resolve(build, 'appStoreVersion')).toEqual({ found: [], missing: [] });
    expect(index.resolve(build, 'icons')).toBeUndefined();
    expect(index.resolve(build, 'odd')).toBeUndefined();
    expect(index.resolve(build, 'constructor')).toBeUndefined();
    expect(index.resolve({ id: '2' }, 'app')).toBeUndefined();
  });

  it('know a relationship’s total', () => {
    expect(relationshipTotal(build, 'betaGroups')).toBe(70);
    expect(relationshipTotal(build, 'app')).toBeUndefined();
    expect(linkagesOf(build, 'app')).toEqual([{ type: 'apps', id: '1' }]);
    expect(isResource(build, 'builds')).toBe(true);
    expect(isResource(build, 'apps')).toBe(false);
  });
});
