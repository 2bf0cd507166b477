import { StaleWriteError } from '@/prisma/database';
import { ambiguousStatement, outcomeStatements, sendingStatements } from './outbox';
import { commit, FIRST_BACKOFF_MS, holdJob, putBack, type Run, waitOut } from './run';
import { settleItems } from './settle-items';
import type { JobItem, Outcome, Trouble } from './types';

/** This many refusals in a row for a reason that concerns all items put the job on hold. */
const MAX_SYSTEMIC = 3;

/**
 * Sends items that may go in one call and stores what became of each. When a call for several is refused, they are
 * sent one by one, so that one bad item does not take the others with it.
 */
export async function sendItems<C>(run: Run<C>, waiting: readonly JobItem[]): Promise<void> {
  const { deps, claim, handler, work } = run;
  const sentAt = deps.clock.now();
  const items: JobItem[] = waiting.map((item) => ({
    ...item,
    status: 'sending',
    attempts: item.attempts + 1,
    sentAt,
  }));
  try {
    await commit(deps, claim, sendingStatements(work.job.id, items, sentAt));
  } catch (error) {
    // Paused or cancelled between two items: the loop looks at the job again.
    if (error instanceof StaleWriteError) return;
    throw error;
  }
  let outcomes: readonly Outcome[];
  try {
    outcomes = await handler.run(work, items);
  } catch (error) {
    await meet(run, items, deps.classify(error, deps.clock.now()));
    return;
  }
  await store(run, items, outcomes);
}

async function store<C>(run: Run<C>, items: readonly JobItem[], outcomes: readonly Outcome[]): Promise<void> {
  const { deps, claim, work } = run;
  const now = deps.clock.now();
  const statements = items.flatMap((item, index) => {
    const outcome = outcomes[index];
    if (!outcome) throw new Error(`${work.job.kind}: no outcome for item ${item.position}.`);
    return outcomeStatements(work.job.id, item, outcome, now, false);
  });
  await commit(deps, claim, statements);
  run.backoffMs = FIRST_BACKOFF_MS;
  if (outcomes.some((outcome) => outcome.status === 'done')) run.systemicRefusals = 0;
}

async function meet<C>(run: Run<C>, items: readonly JobItem[], trouble: Trouble): Promise<void> {
  const { deps, claim, work } = run;
  const { statements = [] } = trouble;
  switch (trouble.kind) {
    case 'wait':
      await putBack(run, items, statements);
      return waitOut(run, trouble.until, trouble.reason);
    case 'stop':
      await putBack(run, items, statements);
      return holdJob(run, trouble.reason);
    case 'unknown':
      await commit(deps, claim, [
        ambiguousStatement(work.job.id, items, trouble.code, trouble.detail),
        ...statements,
      ]);
      return settleItems(run, items);
    case 'refused':
      return refuse(run, items, trouble);
  }
}

async function refuse<C>(
  run: Run<C>,
  items: readonly JobItem[],
  trouble: Extract<Trouble, { kind: 'refused' }>,
): Promise<void> {
  if (items.length > 1) {
    await putBack(run, items, trouble.statements);
    for (const item of items) await sendItems(run, [{ ...item, attempts: item.attempts - 1 }]);
    return;
  }
  const { code, detail, statements } = trouble;
  const outcome: Outcome = { status: 'failed', code, detail, ...(statements ? { statements } : {}) };
  await store(run, items, [outcome]);
  run.systemicRefusals = trouble.systemic ? run.systemicRefusals + 1 : 0;
  if (run.systemicRefusals >= MAX_SYSTEMIC) {
    await holdJob(run, `${MAX_SYSTEMIC} items in a row were refused for the same reason: ${detail}`);
  }
}
