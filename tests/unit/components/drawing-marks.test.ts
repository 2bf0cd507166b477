import { describe, expect, it } from 'vitest';
import {
  COLOURS,
  inTheMiddle,
  isSpeck,
  movedBy,
  pathOf,
  reaching,
  weights,
} from '@/components/feedback/drawing-marks';

const SIZE = { width: 1000, height: 600 };
const box = inTheMiddle('box', 'red', 1, SIZE);

describe('what is drawn on a picture', () => {
  it('stays on it, and keeps its size when it is moved', () => {
    const far = movedBy(box, 5000, -5000, SIZE);
    expect([far.x2, far.y1]).toEqual([1000, 0]);
    expect([far.x2 - far.x1, far.y2 - far.y1]).toEqual([box.x2 - box.x1, box.y2 - box.y1]);
    expect(reaching(box, -10, 9999, SIZE)).toMatchObject({ x1: box.x1, y1: box.y1, x2: 0, y2: 600 });
    // One that was drawn upwards moves alike.
    const turned = reaching(box, 0, 0, SIZE);
    expect(movedBy(turned, -5, -5, SIZE)).toEqual(turned);
  });

  it('is the same path on the page and in the picture', () => {
    expect(pathOf({ ...box, x1: 1, y1: 2, x2: 30, y2: 40 }, SIZE)).toBe('M1 2H30V40H1Z');
    const arrow = { ...box, kind: 'arrow' as const, x1: 0, y1: 0, x2: 100, y2: 0 };
    expect(pathOf(arrow, SIZE)).toMatch(/^M0 0L100 0M\d+ -?\d+L100 0L\d+ -?\d+$/);
    expect(pathOf({ ...box, kind: 'word' }, SIZE)).toBe('');
  });

  it('is not begun by a mere touch, but for a word', () => {
    expect(isSpeck({ ...box, x2: box.x1 + 1, y2: box.y1 }, SIZE)).toBe(true);
    expect(isSpeck(box, SIZE)).toBe(false);
    expect(isSpeck({ ...inTheMiddle('word', 'red', 1, SIZE), x2: box.x1, y2: box.y1 }, SIZE)).toBe(false);
  });

  it('is seen on small and on large pictures', () => {
    expect(weights({ width: 90, height: 60 }).line).toBeGreaterThanOrEqual(2);
    expect(weights({ width: 4000, height: 3000 }).line).toBeGreaterThan(10);
  });

  it.each(Object.entries(COLOURS))('stands on a rim of another shade: %s', (_, { ink, rim }) => {
    const light = (colour: string) => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
        const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [dark = 0, bright = 0] = [light(ink), light(rim)].toSorted((a, b) => a - b);
    expect((bright + 0.05) / (dark + 0.05)).toBeGreaterThan(4.5);
  });
});
