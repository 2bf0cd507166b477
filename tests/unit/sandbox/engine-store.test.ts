import { beforeEach, describe, expect, test } from 'vitest';
import { readFacts } from '@/lib/sandbox/checks/facts';
import type { Query } from '@/lib/sandbox/checks/query-check';
import { loadSpec } from '@/lib/sandbox/checks/spec';
import { RELATIONS } from '@/lib/sandbox/engine/relations';
import type { Change } from '@/lib/sandbox/engine/resource';
import { Selector } from '@/lib/sandbox/engine/select';
import { Store } from '@/lib/sandbox/engine/store';
import type { Seed } from '@/lib/sandbox/programme/types';

const facts = readFacts(loadSpec());
let store: Store;

function seed(
  type: string,
  id: string,
  attributes: Seed['attributes'] = {},
  relationships: Seed['relationships'] = {},
): Seed {
  return { type, id, attributes, relationships };
}

beforeEach(() => {
  store = new Store();
  store.load([seed('apps', 'A', { name: 'One' }), seed('apps', 'B', { name: 'Two' })], null);
  store.load(
    [
      seed(
        'betaGroups',
        'g1',
        { name: 'Zeta', publicLinkLimit: 9, createdDate: '2026-01-01T00:00:00-08:00' },
        { app: 'A' },
      ),
      seed(
        'betaGroups',
        'g2',
        { name: 'alpha', publicLinkLimit: 10, createdDate: '2026-01-01T07:00:00Z' },
        { app: 'A' },
      ),
      seed('betaGroups', 'g3', { name: 'Beta', publicLinkLimit: null, createdDate: null }, { app: 'A' }),
      seed('preReleaseVersions', 'v9', { version: '1.9' }, { app: 'A' }),
      seed('preReleaseVersions', 'v10', { version: '1.10' }, { app: 'A' }),
      seed(
        'builds',
        'b1',
        { version: '7', expired: false },
        { app: 'A', preReleaseVersion: 'v9', betaGroups: ['g1', 'g2'] },
      ),
      seed('builds', 'b2', { version: '30', expired: true }, { app: 'A', preReleaseVersion: 'v10' }),
      seed('betaTesters', 't1', { email: 'Jo@x.org' }, { apps: ['A'], betaGroups: ['g1'] }),
    ],
    'A',
  );
});

function get(type: string, id: string) {
  const found = store.get(type, id);
  if (!found) throw new Error(`no ${type} ${id}`);
  return found;
}

function select(type: string, values: Record<string, string[]>): string[] {
  const query: Query = {
    values: new Map(Object.entries(values)),
    include: [],
    fields: new Map(),
    limit: null,
    limits: new Map(),
    cursor: null,
  };
  return new Selector(store, facts).select(type, query, null).map((one) => one.id);
}

describe('relations', () => {
  test('of published types use published names and targets, on one end at least', () => {
    for (const { owner, name, target, inverse } of RELATIONS) {
      const here = facts.get(owner)?.relationships.find((one) => one.name === name);
      const there = facts.get(target)?.relationships.find((one) => one.name === inverse);
      expect(here ?? there, `${owner}.${name}`).toBeDefined();
      if (here?.target) expect(here.target).toBe(target);
      if (there?.target) expect(there.target).toBe(owner);
    }
  });

  test('cover everything that the published paths can lead to', () => {
    const known = new Set(
      RELATIONS.flatMap((one) => [`${one.owner}.${one.name}`, `${one.target}.${one.inverse}`]),
    );
    const computed = ['crashLog', 'betaRecruitmentCriterionCompatibleBuildCheck', 'perfPowerMetrics', 'logs'];
    for (const { type, relationships } of facts.values())
      for (const { name, self, related } of relationships)
        if ((self || related) && !computed.includes(name)) expect(known).toContain(`${type}.${name}`);
  });
});

describe('the store', () => {
  test('takes edges from either end and shows them from both', () => {
    expect([...store.relatedIds(get('betaGroups', 'g1'), 'builds')]).toEqual(['b1']);
    expect([...store.relatedIds(get('builds', 'b1'), 'betaGroups')]).toEqual(['g1', 'g2']);
    store.unlink(get('builds', 'b1'), 'betaGroups', ['g1']);
    store.link(get('betaGroups', 'g3'), 'builds', ['b1', 'b1']);
    expect([...store.relatedIds(get('builds', 'b1'), 'betaGroups')]).toEqual(['g2', 'g3']);
    expect(store.relatedCount(get('betaGroups', 'g1'), 'builds')).toBe(0);
  });

  test('removes parts with their whole and unlinks what is merely linked', () => {
    store.remove(get('betaGroups', 'g1'));
    expect(get('betaTesters', 't1').relationships.betaGroups).toEqual([]);
    store.remove(get('apps', 'A'));
    for (const [type, id] of [
      ['builds', 'b1'],
      ['preReleaseVersions', 'v9'],
      ['betaGroups', 'g2'],
    ] as const)
      expect(store.get(type, id)).toBeUndefined();
  });

  test('reports changes, but not what it loads or restores', () => {
    const changes: Change[] = [];
    store.onChange((change) => changes.push(change));
    store.load([seed('betaGroups', 'g4', {}, { app: 'B' })], 'B');
    store.restore({ ...get('betaGroups', 'g4'), attributes: { name: 'Restored' } });
    expect(changes).toEqual([]);
    store.update(get('betaGroups', 'g4'), { name: 'New' });
    store.remove(get('betaGroups', 'g4'));
    expect(changes.map((change) => change.op)).toEqual(['put', 'delete']);
  });

  test('puts a restored resource into its old place, edges included', () => {
    store.restore({ ...get('betaGroups', 'g1'), relationships: { app: 'B', builds: [] } });
    expect([...store.all('betaGroups').keys()]).toEqual(['g1', 'g2', 'g3']);
    expect([...store.relatedIds(get('apps', 'A'), 'betaGroups')]).toEqual(['g2', 'g3']);
    expect([...store.relatedIds(get('builds', 'b1'), 'betaGroups')]).toEqual(['g2']);
  });

  test('rejects a relationship that it does not know', () => {
    expect(() => store.load([seed('builds', 'b9', {}, { shoes: 'x' })], 'A')).toThrow('builds.shoes');
  });
});

describe('selection', () => {
  test('filters by attribute, relationship, id and what lies behind a relationship', () => {
    expect(select('builds', { 'filter[expired]': ['true'] })).toEqual(['b2']);
    expect(select('builds', { 'filter[betaGroups]': ['g2', 'g3'] })).toEqual(['b1']);
    expect(select('builds', { 'filter[preReleaseVersion.version]': ['1.10'] })).toEqual(['b2']);
    expect(select('builds', { 'filter[app]': ['A'], 'filter[version]': ['7', '30'] })).toEqual(['b1', 'b2']);
    expect(select('builds', { 'filter[id]': ['b2', 'nope'] })).toEqual(['b2']);
    expect(select('builds', { 'filter[app]': ['B'] })).toEqual([]);
    expect(select('betaTesters', { 'filter[email]': ['JO@X.ORG'] })).toEqual(['t1']);
    expect(select('betaGroups', { 'filter[name]': ['zeta'] })).toEqual([]);
  });

  test('asks whether something exists', () => {
    store.update(get('builds', 'b1'), { usesNonExemptEncryption: false });
    expect(select('builds', { 'exists[usesNonExemptEncryption]': ['true'] })).toEqual(['b1']);
    expect(select('builds', { 'exists[usesNonExemptEncryption]': ['false'] })).toEqual(['b2']);
  });

  test('sorts numbers as numbers, versions part by part, dates as instants, and unset values last', () => {
    expect(select('betaGroups', { sort: ['publicLinkLimit'] })).toEqual(['g1', 'g2', 'g3']);
    expect(select('betaGroups', { sort: ['-publicLinkLimit'] })).toEqual(['g3', 'g2', 'g1']);
    expect(select('betaGroups', { sort: ['createdDate'] })).toEqual(['g2', 'g1', 'g3']);
    expect(select('builds', { sort: ['-version'] })).toEqual(['b2', 'b1']);
    expect(select('builds', { sort: ['preReleaseVersion'] })).toEqual(['b1', 'b2']);
    expect(select('preReleaseVersions', { sort: ['-version'] })).toEqual(['v10', 'v9']);
  });
});
