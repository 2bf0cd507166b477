import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiBench, apiBench } from '@/tests/factories/context';
import { type Method, ROUTES } from '@/tests/factories/routes';

let bench: ApiBench;
let ids: string[] = [];
const PLAIN = Object.getOwnPropertyNames(Object.prototype).sort().join();

beforeAll(async () => {
  bench = await apiBench({ seed: 3 });
  ids = await Promise.all(
    ['apps', 'betaGroups', 'builds', 'betaTesters'].map(
      async (table) =>
        (await bench.db.query<{ id: string }>(`SELECT id FROM "${table}" LIMIT 1`))[0]?.id ?? '',
    ),
  );
});
afterAll(() => bench.close());

/** Words that mean something to programs, and bytes that mean nothing. */
const WORDS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'prototype',
  'undefined',
  'null',
  'NaN',
  '[]',
  '{}',
  '0',
  '-1',
  '..',
  '.',
  "' OR 1=1 --",
  '"',
  ';',
  '%',
  '*',
  '<script>',
  '\uD800',
  '\u202E',
  '\u0000',
  '\n',
  'a'.repeat(3_000),
  '💥',
  'ﷺ',
  'İ',
];
const RAW = [
  '%ff',
  '%C0%AF',
  '%',
  '%0',
  '%zz',
  '%00',
  '%ED%A0%80',
  '%E0%A4%A',
  '..%2f',
  '..%2f..%2fapps',
  '%2e%2e',
  '%2F',
  '%5c',
  '%0d%0a',
  '%25ff',
];
const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary', maxLength: 12 }));
const text = fc.oneof(
  fc.constantFrom(...RAW),
  word.map((one) => encodeURIComponent(Buffer.from(one).toString())),
  fc.nat(3).map((index) => ({ index })),
);
const given = (one: string | { index: number }) =>
  typeof one === 'string' ? one : encodeURIComponent(ids[one.index] ?? '');
const KINDS = ['filter', 'fields', 'limit', 'exists'];
const NAMES = [
  'sort',
  'include',
  'limit',
  'cursor',
  'offset',
  'search',
  'refresh',
  'q',
  'app',
  'account',
  'status',
  'kind',
  'from',
  'to',
  'days',
  'page',
  'type',
  'format',
  'confirm',
  'options',
  'period',
  'groupBy',
  'outcome',
];
const parameter = fc.tuple(
  fc.oneof(
    fc.constantFrom(...NAMES),
    fc.tuple(fc.constantFrom(...KINDS), text).map(([kind, name]) => `${kind}[${given(name)}]`),
    text.map(given),
  ),
  text.map(given),
);
const query = fc
  .array(parameter, { maxLength: 4 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'));
const json = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom(
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"data":{"__proto__":{"polluted":1},"type":"betaGroups"}}',
    '{"data":{"type":"__proto__","id":"__proto__","attributes":{"__proto__":{"polluted":1}}}}',
    '{"data":{"type":"betaGroups","attributes":{"name":"\\u0000"},"relationships":{"__proto__":{"data":null},"constructor":{"data":{"type":"toString","id":"x"}}}}}',
    '{"filter":{"__proto__":["x"],"toString":["y"]},"ids":["__proto__"]}',
    '[[[[[[[[]]]]]]]]',
    '"\\ud800"',
  ),
);

const HANDLERS = ROUTES.flatMap(([pattern, module]) =>
  (['GET', 'POST', 'PATCH', 'DELETE'] as const)
    .filter((method) => module[method])
    .map((method): [Method, string] => [method, pattern]),
).filter(([, pattern]) => !pattern.startsWith('/api/auth'));

/** A misspelt path of the pattern, with one of the types that exist as often as not. */
const address = (pattern: string) =>
  fc
    .tuple(fc.array(text, { minLength: 4, maxLength: 4 }), fc.boolean(), query)
    .map(([texts, isKnown, asked]) => {
      let index = 0;
      const path = pattern.replace(
        /:\w+/g,
        (name) => (name === ':type' && isKnown ? 'betaTesters' : given(texts[index++ % 4] ?? '')) || 'x',
      );
      return asked === '' ? path : `${path}?${asked}`;
    });

describe('whatever stands in an address or a body', () => {
  it.each(HANDLERS)('%s %s never fails, and leaves every object as it was', async (method, pattern) => {
    await fc.assert(
      fc.asyncProperty(address(pattern), json, async (path, body) => {
        const answer = await bench.call(method, path, { as: 'admin', ...(method === 'GET' ? {} : { body }) });
        expect([
          path,
          answer.status < 500 || answer.body?.errors?.[0]?.meta?.apple === true,
          answer.text.slice(0, 300),
        ]).toEqual([path, true, answer.text.slice(0, 300)]);
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
        expect(Object.getOwnPropertyNames(Object.prototype).sort().join()).toBe(PLAIN);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['/api/v1/apps/%ff', 400],
    ['/api/v1/%ff', 400],
    ['/api/v1/apps/1/%ff', 400],
    ['/api/v1/apps/1/relationships/%C0%AF', 400],
    ['/api/jobs/%ff', 400],
    ['/api/people/apps/%ff/capacity', 400],
    ['/api/v1/apps?filter%5Bname%5D=%ff', 400],
    ['/api/v1/apps?%ff=1', 400],
    ['/api/v1/apps?filter[__proto__]=x', 400],
    ['/api/v1/betaTesters?filter[__proto__]=x', 400],
    ['/api/v1/betaTesters?filter[constructor]=x', 400],
    ['/api/v1/users?filter[__proto__]=x', 400],
    ['/api/v1/builds?sort=__proto__', 400],
    ['/api/v1/builds?sort=-constructor', 400],
    ['/api/v1/builds?include=__proto__', 400],
    ['/api/v1/builds?fields[__proto__]=x', 400],
    ['/api/v1/builds?fields[builds]=__proto__', 400],
    ['/api/v1/builds?limit[__proto__]=1', 400],
    ['/api/v1/builds?exists[__proto__]=true', 400],
    ['/api/v1/builds?search=%00', 400],
    ['/api/v1/__proto__', 404],
    ['/api/v1/constructor/1', 404],
    ['/api/v1/apps/1/__proto__', 404],
    ['/api/v1/apps/1/relationships/constructor', 404],
    ['/api/v1/apps/1/metrics/toString', 404],
    ['/api/v1/apps/..%2fbetaGroups', 404],
    ['/api/activity?constructor=1', 400],
    ['/api/activity?__proto__=1', 400],
    ['/api/jobs/__proto__', 404],
    ['/api/people/apps/__proto__/testers/x', 404],
  ])('%s is %i', async (path, status) => {
    const answer = await bench.call('GET', path);
    expect([answer.status, answer.body.errors.length > 0]).toEqual([status, true]);
  });
});
