import { describe, expect, test } from 'vitest';
import { checkQuery } from '@/lib/sandbox/checks/query-check';
import { Refusal } from '@/lib/sandbox/checks/refusal';
import type { Operation } from '@/lib/sandbox/checks/spec';
import { Cursors } from '@/lib/sandbox/engine/cursor';

const operation: Operation = {
  operationId: 'things_getCollection',
  query: {
    'filter[state]': { type: 'array', enum: ['ON', 'OFF'] },
    'filter[app]': { type: 'array', required: true },
    'exists[name]': { type: 'boolean' },
    'fields[things]': { type: 'array', enum: ['name', 'state'] },
    include: { type: 'array', enum: ['app'] },
    limit: { type: 'integer', maximum: 200 },
    'limit[parts]': { type: 'integer', maximum: 50 },
    period: { type: 'string', enum: ['P7D'] },
  },
  body: null,
  responses: {},
};

function refusalOf(query: string): string[] {
  try {
    checkQuery(operation, new URLSearchParams(query));
  } catch (error) {
    if (error instanceof Refusal)
      return error.errors.map(
        ({ code, source }) => `${code} ${source && 'parameter' in source ? source.parameter : ''}`,
      );
    throw error;
  }
  return [];
}

describe('a query', () => {
  test('is split into lists, fields and limits', () => {
    const query = checkQuery(
      operation,
      new URLSearchParams(
        'filter[app]=1,2&filter[state]=ON&fields[things]=name&include=app&limit=20&limit[parts]=5&cursor=x',
      ),
    );
    expect(query.values.get('filter[app]')).toEqual(['1', '2']);
    expect(query.fields.get('things')).toEqual(new Set(['name']));
    expect([query.include, query.limit, query.limits.get('parts'), query.cursor]).toEqual([
      ['app'],
      20,
      5,
      'x',
    ]);
  });

  test.each([
    ['', 'PARAMETER_ERROR.REQUIRED filter[app]'],
    ['filter[app]=1&shoe=1', 'PARAMETER_ERROR.ILLEGAL shoe'],
    ['filter[app]=1&__proto__=1', 'PARAMETER_ERROR.ILLEGAL __proto__'],
    ['filter[app]=1&constructor=1', 'PARAMETER_ERROR.ILLEGAL constructor'],
    ['filter[app]=1&filter[app]=2', 'PARAMETER_ERROR.ILLEGAL filter[app]'],
    ['filter[app]=1,', 'PARAMETER_ERROR.INVALID filter[app]'],
    ['filter[app]=1&filter[state]=on', 'PARAMETER_ERROR.INVALID filter[state]'],
    ['filter[app]=1&exists[name]=yes', 'PARAMETER_ERROR.INVALID exists[name]'],
    ['filter[app]=1&limit=201', 'PARAMETER_ERROR.INVALID limit'],
    ['filter[app]=1&limit=-1', 'PARAMETER_ERROR.INVALID limit'],
    ['filter[app]=1&period=P8D', 'PARAMETER_ERROR.INVALID period'],
  ])('%s is refused as %s', (query, expected) => {
    expect(refusalOf(query)).toEqual([expected]);
  });

  test('names every problem at once', () => {
    expect(refusalOf('limit=0&shoe=1')).toHaveLength(3);
  });
});

describe('a cursor', () => {
  const cursors = new Cursors('salt');

  test('stands for an offset of its own list only', () => {
    const cursor = cursors.encode('/v1/things?a=1', 400);
    expect(cursors.decode('/v1/things?a=1', cursor)).toBe(400);
    expect(cursors.decode('/v1/things?a=2', cursor)).toBeNull();
    expect(new Cursors('other').decode('/v1/things?a=1', cursor)).toBeNull();
  });

  test.each(['', 'x', 'MC4w', '💥'])('invented as %j is refused', (cursor) => {
    expect(cursors.decode('/v1/things', cursor)).toBeNull();
  });

  test('goes stale when all are expired', () => {
    const cursor = cursors.encode('q', 1);
    cursors.expireAll();
    expect(cursors.decode('q', cursor)).toBeNull();
    expect(cursors.decode('q', cursors.encode('q', 1))).toBe(1);
  });
});
