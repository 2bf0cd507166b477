import { expect, it } from 'vitest';
import { type SharedBudget, sharedBudget } from '@/tests/factories/shared-budget';

/** The end is told in whole minutes: beside 15 % of what is left, half of one is no error. */
const ROUNDING_MS = 30_000;

type Look = SharedBudget['looks'][number];

const isWrong = ({ leftMs, told }: Look) => Math.abs(told - leftMs) > leftMs * 0.15 + ROUNDING_MS;

function worst(looks: readonly Look[]): string {
  const most = looks.toSorted((a, b) => Math.abs(b.told - b.leftMs) - Math.abs(a.told - a.leftMs))[0];
  return most
    ? `${Math.round((most.told - most.leftMs) / 1000)} s of ${Math.round(most.leftMs / 1000)} s`
    : 'none';
}

it.each([
  { minute: 50, rows: 300 },
  { minute: 120, rows: 500 },
])(
  'R30: two processes, one key, an unannounced limit of $minute a minute',
  { timeout: 120_000 },
  async (plan) => {
    const { first, second } = await sharedBudget(plan);
    for (const { asked, refused, waits, told, lost, looks } of [first, second]) {
      console.log(
        `R30 at ${plan.minute}/min: ${refused} of ${asked} refused; clicks ${waits.length} at once, slowest ` +
          `${Math.max(0, ...waits)} ms, ${told.length} told to wait at most ${Math.max(0, ...told)} s; ` +
          `${looks.length} estimates, worst ${worst(looks)}`,
      );
      expect(refused / asked).toBeLessThanOrEqual(0.02);
      expect(lost).toBe(0);
      expect(Math.max(...waits)).toBeLessThanOrEqual(2_000);
      expect(Math.max(0, ...told)).toBeLessThanOrEqual(61);
    }
    // What the first import taught is known to later processes from the first second.
    expect(second.refused).toBe(0);
    expect(second.told).toEqual([]);
    expect(second.looks.length).toBeGreaterThan(5);
    expect(second.looks.filter(isWrong)).toEqual([]);
  },
);
