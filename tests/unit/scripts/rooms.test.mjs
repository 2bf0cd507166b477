import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ROOMS } from '../../../.dependency-cruiser.mjs';
import { inRoot } from '../../../scripts/lib/place.mjs';
import { roomsChart, withChart } from '../../../scripts/lib/rooms.mjs';

it('is the picture that ARCHITECTURE.md shows', () => {
  const page = readFileSync(inRoot('ARCHITECTURE.md'), 'utf8');
  expect(page).toBe(withChart(page, ROOMS));
});

it('leaves out an arrow that follows from others, and no other', () => {
  const chart = roomsChart({ 'a/': ['b/', 'c/file.ts', 'd/'], 'b/': ['c/'], 'c/': [], 'd/': ['b/'] });
  expect(chart.split('\n').slice(2, -1)).toEqual([
    '  a["a"] --> d["d"]',
    '  b["b"] --> c["c"]',
    '  c["c"]',
    '  d["d"] --> b["b"]',
  ]);
});
