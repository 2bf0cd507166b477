import { expect, it } from 'vitest';
import { type Look, sharedBudget } from '@/tests/factories/shared-budget';

/** The end is told in whole minutes: beside 15 % of what is left, most of one is no error. */
const ROUNDING_MS = 45_000;

/** How far the end lay outside of what was told, ms. */
const offMs = ({ leftMs, soonest, latest }: Look) => Math.max(soonest - leftMs, leftMs - latest);
const isWrong = (look: Look) => offMs(look) > look.leftMs * 0.15 + ROUNDING_MS;
const isOpen = ({ soonest, latest }: Look) => soonest < latest;

function words(looks: readonly Look[]): string {
  const [worst] = looks.toSorted((a, b) => offMs(b) - offMs(a));
  return (
    `${looks.length} estimates, ${looks.filter(isOpen).length} of them open, worst ` +
    (worst ? `${Math.round(offMs(worst) / 1000)} s of ${Math.round(worst.leftMs / 1000)} s` : 'none')
  );
}

it.each([
  { minute: 50, rows: 300 },
  { minute: 120, rows: 500 },
])(
  'R30: two processes, one key, an unannounced limit of $minute a minute',
  { timeout: 300_000 },
  async (plan) => {
    const { first, second } = await sharedBudget(plan);
    for (const { asked, refused, waits, told, lost, looks, calmMs } of [first, second]) {
      console.log(
        `R30 at ${plan.minute}/min: ${refused} of ${asked} refused; clicks ${waits.length} at once, slowest ` +
          `${Math.max(0, ...waits)} ms, ${told.length} told to wait at most ${Math.max(0, ...told)} s; ` +
          `nothing refused for ${Math.round(calmMs / 1000)} s; ${words(looks)}`,
      );
      expect(refused / asked).toBeLessThanOrEqual(0.02);
      expect(lost).toBe(0);
      expect(Math.max(...waits)).toBeLessThanOrEqual(2_000);
      expect(Math.max(0, ...told)).toBeLessThanOrEqual(61);
      expect(looks.length).toBeGreaterThan(5);
      expect(looks.filter(isWrong)).toEqual([]);
      // People have their part from the first second.
      expect(calmMs).toBeGreaterThan(30_000);
    }
    // An end that cannot be known is told as what it lies between.
    expect(first.looks.some(isOpen)).toBe(true);
    // What the first import taught is known to later processes from the first second.
    expect(second.looks.some(isOpen)).toBe(false);
    expect(second.refused).toBe(0);
    expect(second.told).toEqual([]);
  },
);
