import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => vi.resetModules());

it('fills a shape of one bundle by the dialect of another, as a web process holds them', async () => {
  const { sqliteDialect } = await import('@/lib/store/dialect');
  vi.resetModules();
  const { shape } = await import('@/lib/store/shape');
  const dialect = sqliteDialect();
  const ask = shape((build, given: { keys: readonly string[]; least: number }, { among }) =>
    build
      .selectFrom('settings')
      .select('key')
      .where(({ ref }) => among(ref('key'), given.keys))
      .where('updatedAt', '>', given.least),
  );
  expect(ask({ keys: ['a', 'b'], least: 7 }).compileFor(dialect).parameters).toEqual(['["a","b"]', 7]);
});
