import { expect, it } from 'vitest';
import { lightStep, untilWords } from '@/lib/format/light-words';
import type { Light } from '@/lib/format/lights';

const light = (kind: Light['kind']) => ({ kind, id: 'b/1', facts: {} }) as Light;

it('leads from what a build is in trouble for to that build, and to its crashes alone', () => {
  expect(lightStep(light('review_waiting'), '/apps/1').href).toBe('/apps/1/builds/b%2F1');
  expect(lightStep(light('crash_free_fell'), '/apps/1').href).toBe('/apps/1/issues?view=all&build=b%2F1');
});

it('does not wait for what is red to get worse', () => {
  expect([untilWords('amber'), untilWords('red')]).toEqual(['until it gets worse', 'until it comes again']);
});
