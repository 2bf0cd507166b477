import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '@/lib/browser/packed';

const KEYS = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', 'id', '~', '^0', ''),
);
const TEXTS = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '~',
    '^',
    '"<b>&\\\n',
    "'",
    '#1',
    '[2',
    '{0',
    'N',
    'T',
    '0',
    '\ud800',
    'x\udc00y',
    '💥',
    '\u2028',
  ),
);
const { json } = fc.letrec<{ json: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    TEXTS,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  ),
  json: fc.oneof(
    { maxDepth: 5 },
    tie('leaf'),
    fc.array(tie('json'), { maxLength: 6 }),
    fc.dictionary(KEYS, tie('json'), { maxKeys: 6, noNullPrototype: true }),
  ),
}));

describe('packed answers', () => {
  it('come out as they went in, whatever they are', () => {
    fc.assert(
      fc.property(json, (value) => {
        // Twice, so that whole parts come again.
        const twice = [value, { again: value }];
        const out = unpack(pack(twice));
        expect(isDeepStrictEqual(out, twice)).toBe(true);
        expect(JSON.stringify(out)).toBe(JSON.stringify(twice));
      }),
      { numRuns: 1_000 },
    );
  });

  it('hold a key that means the prototype as any other', () => {
    const value = JSON.parse('[{"__proto__":{"isAdmin":true},"id":"1"},{"__proto__":null,"id":"2"}]');
    const out = unpack(pack(value)) as { isAdmin?: boolean }[];
    expect(JSON.stringify(out)).toBe(JSON.stringify(value));
    expect(out[0]?.isAdmin).toBeUndefined();
  });

  it('leave out and write what JSON does', () => {
    const value = { gone: undefined, none: [undefined, Number.NaN], day: new Date(0), zero: -0 };
    expect(unpack(pack(value))).toStrictEqual({
      none: [null, null],
      day: '1970-01-01T00:00:00.000Z',
      zero: -0,
    });
  });

  it('hold nothing that a script or a page would escape', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(pack(value)).not.toMatch(/["<>&\\\n]|(?![\ud800-\udbff][\udc00-\udfff])\p{Cs}/u);
      }),
    );
  });

  it('say what rows share once', () => {
    const row = (id: number) => ({
      type: 'builds',
      id: `build-${id}`,
      attributes: { version: `${id}`, expired: false, minOsVersion: '17.0', usesNonExemptEncryption: null },
      relationships: { app: { data: { type: 'apps', id: 'the-only-app' } } },
    });
    const rows = Array.from({ length: 50 }, (_, at) => row(at));
    expect(pack(rows).length).toBeLessThan(JSON.stringify(rows).length / 5);
  });
});
