import { describe, expect, it } from 'vitest';
import {
  differing,
  inChunks,
  nextChunk,
  type Row,
  sizeOf,
  summing,
  type Table,
} from '@/lib/store/copy/tables';

const table: Table = {
  name: 'one',
  columns: ['a', 'b'].map((name) => ({ name, isBytes: false })),
  key: ['a'],
  counter: null,
};
function sumOf(...rows: Row[]) {
  const sum = summing(table);
  for (const row of rows) sum.add(row);
  return sum.result();
}

describe('what a table holds', () => {
  it('has another hash for another value, type, order, place or number of rows', () => {
    const different: Row[][] = [
      [],
      [[1, null]],
      [[1, '']],
      [[1, 'null']],
      [['1', null]],
      [[null, 1]],
      [[1, '1']],
      [[1, 1]],
      [[1, 'e\u0301']],
      [[1, '\u00e9']],
      [
        [1, null],
        [2, null],
      ],
      [
        [2, null],
        [1, null],
      ],
      [
        [1, null],
        [1, null],
      ],
    ];
    expect(new Set(different.map((rows) => sumOf(...rows).hash)).size).toBe(different.length);
  });

  it('has the same hash from both engines: bytes of any kind, and the sign that stands for NUL', () => {
    expect(sumOf([new Uint8Array([1, 2]), 1])).toEqual(sumOf([Buffer.from([1, 2]), 1]));
    expect(sumOf(['a\0b', 1])).toEqual(sumOf(['a\uFFFDb', 1]));
  });

  it('differs where a table is missing on one side', () => {
    const sum = { table: 'one', rows: 0, hash: 'x' };
    expect(differing([sum], [sum])).toEqual([]);
    expect(differing([sum], [])).toEqual(['one']);
    expect(differing([], [sum])).toEqual(['one']);
    expect(differing([sum], [{ ...sum, hash: 'y' }])).toEqual(['one']);
  });
});

describe('portions of rows', () => {
  const rows = (count: number, length: number) =>
    Array.from({ length: count }, (_, n): Row => [n, 'x'.repeat(length)]);

  it('hold every row once, and never much, however long rows are', () => {
    for (const [count, length] of [
      [0, 1],
      [1, 1],
      [2_500, 1],
      [40, 400_000],
      [3, 5_000_000],
    ] as const) {
      const chunks = [...inChunks(rows(count, length))];
      expect(chunks.flat().map(([n]) => n)).toEqual(rows(count, 1).map(([n]) => n));
      for (const chunk of chunks) {
        const allButLast = chunk.slice(0, -1).reduce((sum, row) => sum + sizeOf(row), 0);
        expect(allButLast).toBeLessThan(1_000_000);
        expect(chunk.length).toBeLessThanOrEqual(1_000);
      }
    }
  });

  it('are asked for by how long the last rows were', () => {
    expect(nextChunk(rows(8, 10))).toBe(1_000);
    expect(nextChunk(rows(8, 100_000))).toBeLessThanOrEqual(10);
    expect(nextChunk(rows(8, 5_000_000))).toBe(1);
  });
});
