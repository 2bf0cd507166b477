import { expect, it } from 'vitest';
import { sharedBudget } from '@/tests/factories/shared-budget';

it.each([
  { minute: 50, rows: 300 },
  { minute: 120, rows: 500 },
])(
  'R30: two processes, one key, an unannounced limit of $minute a minute',
  { timeout: 120_000 },
  async (plan) => {
    const { first, second } = await sharedBudget(plan);
    for (const { asked, refused, waits, told, lost, off } of [first, second]) {
      console.log(
        `R30 at ${plan.minute}/min: ${refused} of ${asked} refused; clicks ${waits.length} at once, slowest ` +
          `${Math.max(0, ...waits)} ms, ${told.length} told to wait at most ${Math.max(0, ...told)} s; ` +
          `estimate at worst ${Math.round(Math.max(0, ...off) * 100)} % off`,
      );
      expect(refused / asked).toBeLessThanOrEqual(0.02);
      expect(lost).toBe(0);
      expect(Math.max(...waits)).toBeLessThanOrEqual(2_000);
      expect(Math.max(0, ...told)).toBeLessThanOrEqual(61);
    }
    // What the first import taught is known to later processes from the first second.
    expect(second.refused).toBe(0);
    expect(second.told).toEqual([]);
    expect(Math.max(...second.off)).toBeLessThanOrEqual(0.15);
  },
);
