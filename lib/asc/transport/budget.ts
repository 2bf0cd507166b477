import type { BudgetConfig, BudgetSnapshot } from './budget-types';
import { createHealth, type Health } from './health';
import { createThrottle, type Throttle } from './throttle';

/** The shared state of one key: its quota, its queue and its health. Every client of the key uses the same. */
export interface RateBudget {
  readonly throttle: Throttle;
  readonly health: Health;
  snapshot(): BudgetSnapshot;
}

/** Makes the one budget of a key. */
export function createRateBudget(config: BudgetConfig): RateBudget {
  const throttle = createThrottle(config);
  return { throttle, health: createHealth(config), snapshot: () => throttle.snapshot() };
}
