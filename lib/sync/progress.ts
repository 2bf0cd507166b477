import type { AscClient } from '@/lib/asc/client-interface';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';
import type { ListedType } from './plan';

export interface TypeProgress {
  seen: number;
  total: number;
}

/** What a run has done so far, kept in memory and written with each page. */
export class Progress {
  requests = 0;
  rows = 0;
  readonly #seen = new Map<string, { type: ListedType; seen: number; total: number }>();

  /** A list stands at so many of so many rows. */
  at(scope: string, type: ListedType, seen: number, total: number | null): void {
    this.#seen.set(scope, { type, seen, total: Math.max(seen, total ?? 0) });
  }

  /** Rows per type, all lists of the type together. */
  perType(): Record<string, TypeProgress> {
    const types: Record<string, TypeProgress> = {};
    for (const { type, seen, total } of this.#seen.values()) {
      const sum = types[type] ?? { seen: 0, total: 0 };
      types[type] = { seen: sum.seen + seen, total: sum.total + total };
    }
    return types;
  }

  /** Stores the progress of a run; `now` in ms since 1970. */
  statement(runId: string, budget: AscClient['budget'], now: number): Write {
    return noted({
      runId,
      requests: this.requests,
      rows: this.rows,
      progress: JSON.stringify(this.perType()),
      budgetLimit: budget.limit ?? null,
      budgetRemaining: budget.remaining ?? null,
      budgetAt: budget.observedAt ?? null,
      waitingUntil: waitingUntil(budget, now),
      updatedAt: now,
    });
  }
}

interface Noted {
  readonly runId: string;
  readonly requests: number;
  readonly rows: number;
  readonly progress: string;
  readonly budgetLimit: number | null;
  readonly budgetRemaining: number | null;
  readonly budgetAt: number | null;
  readonly waitingUntil: number | null;
  readonly updatedAt: number;
}

const noted = shape((build, given: Noted) =>
  build
    .updateTable('syncRuns')
    .set({
      requests: given.requests,
      rows: given.rows,
      progress: given.progress,
      budgetLimit: given.budgetLimit,
      budgetRemaining: given.budgetRemaining,
      budgetAt: given.budgetAt,
      waitingUntil: given.waitingUntil,
      updatedAt: given.updatedAt,
    })
    .where('id', '=', given.runId),
);

/** Until when the sync stands still for quota; null when it does not. */
function waitingUntil(budget: AscClient['budget'], now: number): number | null {
  if (budget.blockedUntil !== undefined && budget.blockedUntil > now) return budget.blockedUntil;
  if (budget.waiting.sync === 0 || budget.resetHint === undefined) return null;
  // Below the reserve the rest is left to people until the hour has rolled on.
  const isLow = budget.limit !== undefined && (budget.remaining ?? budget.limit) <= budget.limit * RESERVE;
  return isLow && budget.resetHint > now ? budget.resetHint : null;
}

const RESERVE = 0.15;
