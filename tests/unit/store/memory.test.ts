import { describe, expect, it } from 'vitest';
import { isRepeatable, memory } from '@/lib/store/memory';

const statement = (sql: string, ...params: (string | number | bigint | null | Uint8Array)[]) => ({
  sql,
  params,
});

describe('what may be asked once for many', () => {
  it.each([
    'select "id" from "apps" where "createdAt" > ?',
    'with "newest" as (select max("date") as "time" from "days") select "changes", "age" from "newest"',
    'SELECT count(*) FROM "betaTesters"',
  ])('%s', (sql) => expect(isRepeatable(statement(sql))).toBe(true));

  it.each([
    ['reads no table', 'select 1 as "one"'],
    ['writes', 'update "apps" set "name" = ? returning "id"'],
    ['writes behind a name', 'insert into "a" select * from "b"'],
    ['asks for the time', `select * from "jobs" where "until" < strftime('%s', 'now')`],
    ['asks for the time', 'select now() from "jobs"'],
    ['asks for the time', 'select * from "jobs" where "until" < current_timestamp'],
    ['asks for the time', 'select clock_timestamp() from "jobs"'],
    ['asks for chance', 'select * from "jobs" order by random()'],
    ['asks for what stands beside the data', 'select pg_database_size(current_database()) from "apps"'],
    ['asks for what stands beside the data', 'select * from sqlite_stat1'],
    ['locks', 'select * from "jobs" for update'],
  ])('not what %s: %s', (_, sql) => expect(isRepeatable(statement(sql))).toBe(false));
});

describe('what is remembered', () => {
  it('is told at its version alone', () => {
    const { recall, keep } = memory();
    keep(1, statement('a'), [{ n: 1 }]);
    expect(recall(1, statement('a'))).toEqual([{ n: 1 }]);
    expect(recall(2, statement('a'))).toBeUndefined();
    // What was read before a write, and ends after another has read what was written.
    keep(2, statement('a'), [{ n: 2 }]);
    keep(1, statement('a'), [{ n: 1 }]);
    expect(recall(2, statement('a'))).toBeUndefined();
  });

  it('is nothing where the version cannot be told', () => {
    const { recall, keep } = memory();
    keep(Number.NaN, statement('a'), [{ n: 1 }]);
    expect(recall(Number.NaN, statement('a'))).toBeUndefined();
  });

  it.each([
    { name: 'a number and its digits', one: [1], other: ['1'] },
    { name: 'a large number and a number', one: [1n], other: [1] },
    { name: 'nothing and its word', one: [null], other: ['null'] },
    { name: 'two texts and one that looks like both', one: ['a', 'b'], other: ['a\nstring1:b'] },
    { name: 'places', one: ['', 'a'], other: ['a', ''] },
    { name: 'bytes', one: [new Uint8Array([1])], other: [new Uint8Array([2])] },
  ])('tells apart $name', ({ one, other }) => {
    const { recall, keep } = memory();
    keep(1, statement('a', ...one), [{ n: 1 }]);
    expect(recall(1, statement('a', ...one))).toEqual([{ n: 1 }]);
    expect(recall(1, statement('a', ...other))).toBeUndefined();
  });

  it('is neither what is long, nor bytes', () => {
    const { recall, keep } = memory();
    keep(1, statement('a'), [{ text: 'x'.repeat(200_001) }]);
    keep(1, statement('b'), [{ bytes: Buffer.from('x') }]);
    keep(
      1,
      statement('c'),
      Array.from({ length: 30_000 }, (_, n) => ({ n })),
    );
    for (const name of ['a', 'b', 'c']) expect(recall(1, statement(name))).toBeUndefined();
  });

  it('is forgotten when a long answer takes its place', () => {
    const { recall, keep } = memory();
    keep(1, statement('a'), [{ n: 1 }]);
    keep(1, statement('a'), [{ text: 'x'.repeat(200_001) }]);
    expect(recall(1, statement('a'))).toBeUndefined();
  });

  it('takes no more room than it may: what was asked for least lately goes', () => {
    const { recall, keep } = memory();
    for (let n = 0; n < 100; n += 1) keep(1, statement('a', n), [{ text: 'x'.repeat(150_000) }]);
    expect(recall(1, statement('a', 0))).toBeUndefined();
    expect(recall(1, statement('a', 99))).toHaveLength(1);
  });
});
