import type { AscClient } from '@/lib/asc/client-interface';
import type { Write } from '@/lib/store/database';
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
    return {
      sql: `UPDATE "syncRuns" SET "requests" = ?, "rows" = ?, "progress" = ?, "budgetLimit" = ?, "budgetRemaining" = ?,
        "budgetAt" = ?, "waitingUntil" = ?, "updatedAt" = ? WHERE "id" = ?`,
      params: [
        this.requests,
        this.rows,
        JSON.stringify(this.perType()),
        budget.limit ?? null,
        budget.remaining ?? null,
        budget.observedAt ?? null,
        waitingUntil(budget, now),
        now,
        runId,
      ],
    };
  }
}

/** Until when the sync stands still for quota; null when it does not. */
function waitingUntil(budget: AscClient['budget'], now: number): number | null {
  if (budget.blockedUntil !== undefined && budget.blockedUntil > now) return budget.blockedUntil;
  if (budget.waiting.sync === 0 || budget.resetHint === undefined) return null;
  // Below the reserve the rest is left to people until the hour has rolled on.
  const isLow = budget.limit !== undefined && (budget.remaining ?? budget.limit) <= budget.limit * RESERVE;
  return isLow && budget.resetHint > now ? budget.resetHint : null;
}

const RESERVE = 0.15;
