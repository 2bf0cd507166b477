import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue, entryOf } from '@/lib/asc/catalogue';
import { RESOURCE_TYPES } from '@/lib/asc/catalogue/types';
import {
  allOperations,
  isPaged,
  methodOf,
  type OperationAddress,
  pathOf,
  permissionsOf,
  queryRules,
  relationshipOf,
} from '@/lib/asc/operations';
import type { QueryRules } from '@/lib/asc/query-types';

interface PublishedParameter {
  readonly enum?: readonly string[];
  readonly maximum?: number;
  readonly required?: boolean;
}
interface PublishedOperation {
  readonly query?: Readonly<Record<string, PublishedParameter>>;
  readonly body: string | null;
  readonly responses: Readonly<Record<string, string>>;
  readonly mediaTypes?: Readonly<Record<string, string>>;
}
interface PublishedSchema {
  readonly properties?: Readonly<Record<string, { readonly type?: string; readonly properties?: object }>>;
}

const published = JSON.parse(readFileSync('lib/sandbox/spec/asc-testflight.json', 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, PublishedOperation>>>>;
  readonly schemas: Readonly<Record<string, PublishedSchema>>;
};

const publishedOperations = new Map(
  Object.entries(published.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
  ),
);
const keyOf = (address: OperationAddress) => `${methodOf(address.operation)} ${pathOf(address, '{id}')}`;
const ours = new Map(allOperations().map((address) => [keyOf(address), address]));

/** Our rules in the published notation: parameter → what it accepts. */
function notation(rules: QueryRules): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  const words = (list: readonly string[]) => [...list].sort();
  for (const [name, values] of Object.entries(rules.filter)) parameters[`filter[${name}]`] = words(values);
  for (const name of rules.exists) parameters[`exists[${name}]`] = [];
  for (const [type, names] of Object.entries(rules.fields)) parameters[`fields[${type}]`] = words(names);
  for (const [name, most] of Object.entries(rules.limit)) {
    parameters[name === 'page' ? 'limit' : `limit[${name}]`] = most;
  }
  for (const name of ['sort', 'include', 'period', 'groupBy'] as const) {
    if (rules[name].length > 0) parameters[name] = words(rules[name]);
  }
  return parameters;
}

function publishedNotation(operation: PublishedOperation): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(operation.query ?? {}).map(([name, { enum: values, maximum }]) => [
      name,
      maximum ?? [...(values ?? [])].sort(),
    ]),
  );
}

describe('the catalogue and the published surface', () => {
  it('name the same operations, all 204 of them', () => {
    expect([...ours.keys()].sort()).toEqual([...publishedOperations.keys()].sort());
    expect(ours.size).toBe(204);
  });

  it.each([...publishedOperations])('agree on every query parameter of %s', (key, operation) => {
    const address = ours.get(key);
    if (!address) throw new Error(`${key} is not in the catalogue`);
    const rules = queryRules(address);
    expect(notation(rules)).toEqual(publishedNotation(operation));
    const required = Object.entries(operation.query ?? {}).filter(([, parameter]) => parameter.required);
    expect(rules.required.map((name) => `filter[${name}]`)).toEqual(required.map(([name]) => name));
  });

  it.each([...publishedOperations])('agree on the answer of %s: one, many or a report', (key, operation) => {
    const address = ours.get(key);
    const schema = operation.responses['200'];
    if (!address || schema === undefined) return;
    const media = operation.mediaTypes?.['200'];
    if (media !== undefined) {
      expect(entryOf(address.type).reports?.[address.name ?? '']?.accept).toBe(media);
      return;
    }
    const isList = published.schemas[schema]?.properties?.data?.type === 'array';
    expect(isPaged(address)).toBe(isList);
  });

  it.each([...publishedOperations])('agree on whether %s takes a body of ours', (key, operation) => {
    const address = ours.get(key);
    if (!address) throw new Error(`${key} is not in the catalogue`);
    const { create, update } = entryOf(address.type);
    if (address.operation === 'create') expect(create).toBeDefined();
    if (address.operation === 'update') expect(update).toBeDefined();
    expect(operation.body === null).toBe(
      !['create', 'update', 'addLinkage', 'removeLinkage', 'replaceLinkage'].includes(address.operation),
    );
  });
});

describe('each entry', () => {
  it.each(RESOURCE_TYPES.map((type) => [type]))('%s is consistent in itself', (type) => {
    const entry = entryOf(type);
    expect(entry.type).toBe(type);
    for (const name of [...entry.include, ...Object.keys(entry.related), ...Object.keys(entry.linkages)]) {
      expect(relationshipOf(type, name), `${type}.${name}`).toBeDefined();
    }
    const both = Object.keys(entry.toOne).filter((name) => name in entry.toMany);
    expect(both).toEqual([]);
    expect(entry.idempotent.delete && !entry.operations.includes('delete')).toBe(false);
    expect(entry.create !== undefined).toBe(entry.operations.includes('create'));
    expect(entry.update !== undefined).toBe(entry.operations.includes('update'));
    expect(entry.stale).not.toContain(type);
  });

  it('asks for the testers permission wherever testers are read or changed', () => {
    const reads = (address: OperationAddress, include?: string[]) => permissionsOf(address, include);
    expect(reads({ type: 'betaGroups', operation: 'list' })).toEqual(['programme:read']);
    expect(reads({ type: 'betaGroups', operation: 'list' }, ['betaTesters'])).toContain('testers:read');
    expect(reads({ type: 'betaGroups', operation: 'related', name: 'betaTesters' })).toContain(
      'testers:read',
    );
    expect(reads({ type: 'betaGroups', operation: 'addLinkage', name: 'betaTesters' })).toEqual([
      'testers:write',
    ]);
    expect(reads({ type: 'apps', operation: 'metrics', name: 'betaTesterUsages' })).toContain('testers:read');
    expect(reads({ type: 'apps', operation: 'removeLinkage', name: 'betaTesters' })).toEqual([
      'testers:write',
    ]);
    expect(reads({ type: 'builds', operation: 'addLinkage', name: 'betaGroups' })).toEqual([
      'programme:write',
    ]);
    expect(reads({ type: 'apps', operation: 'related', name: 'betaFeedbackCrashSubmissions' })).toEqual([
      'programme:read',
      'feedback:read',
    ]);
  });

  it('holds no functions besides its schemas', () => {
    const functionsIn = (value: unknown, path: string): string[] => {
      if (typeof value === 'function') return [path];
      if (typeof value !== 'object' || value === null || '_zod' in value) return [];
      return Object.entries(value).flatMap(([key, part]) => functionsIn(part, `${path}.${key}`));
    };
    expect(functionsIn(catalogue, 'catalogue')).toEqual([]);
  });
});
