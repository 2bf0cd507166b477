import type { AscClient, CallOptions } from '@/lib/asc/client-interface';
import type { Clock } from '@/lib/clock';
import type { Log } from '@/lib/log';
import type { Lease } from '@/lib/store/lease';
import type { Store, Write } from '@/lib/store/store';
import type { Reader } from './members';
import type { Progress } from './progress';
import type { ScopeState } from './scopes';
import type { Slots } from './slots';

/** What the parts of one run share. */
export interface Run {
  readonly id: string;
  readonly accountId: string;
  /** ms since 1970 */
  readonly startedAt: number;
  readonly db: Store;
  /** In the sync lane. */
  readonly asc: AscClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether somebody has asked for it. */
  readonly isWished: boolean;
  readonly lease: Lease;
  readonly progress: Progress;
  readonly scopes: Map<string, ScopeState>;
  /** Places for pages between the question and the store. */
  readonly slots: Slots;
  /** Groups whose number of testers Apple did not tell, by id with their app if that is known. */
  readonly uncounted: Map<string, string | undefined>;
  /** Aborted when the run has to end. */
  readonly signal: AbortSignal;
  readonly options: CallOptions;
  /** Ends the run: requests under way are given up, unless it ends only because no new ones may go out for a moment. */
  readonly abort: (reason: unknown) => void;
  /** One short transaction under the lease, with the progress; lets other work run afterwards. */
  write(statements: readonly Write[]): Promise<void>;
}

/** Whether the run itself has read a list, from its beginning to its end. */
export function hasRead({ scopes, startedAt }: Run, scope: string): boolean {
  const state = scopes.get(scope);
  return (
    state?.phase === 'idle' && (state.startedAt ?? 0) >= startedAt && (state.completedAt ?? 0) >= startedAt
  );
}

/** A run for those who read a part of the mirror; what they ask for counts. */
export function readerOf(run: Run): Reader {
  return {
    ...run,
    counted({ attempts, rows }) {
      run.progress.requests += attempts;
      run.progress.rows += rows;
    },
  };
}
