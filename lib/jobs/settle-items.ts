import { ambiguousStatement, outcomeStatements, pendingStatements } from './outbox';
import { commit, holdJob, nextBackoff, type Run, waitOut } from './run';
import type { Finding, JobItem, Trouble } from './types';

/** An item whose sending was lost this often without a trace has failed. */
const MAX_ATTEMPTS = 5;
/** Apple may show a change late: an absence is believed only when it is seen twice this far apart, ms. */
const SECOND_LOOK_MS = 1000;

/**
 * Finds out what became of items that may have been sent: reads them back from Apple until it is known. What
 * happened is stored as its outcome; what did not waits for its turn again.
 */
export async function settleItems<C>(run: Run<C>, items: readonly JobItem[]): Promise<void> {
  const { deps, handler, work } = run;
  let open = items;
  let looks = 0;
  while (open.length > 0) {
    if (work.signal.aborted) return;
    try {
      const findings = await handler.reconcile(work, open);
      looks += 1;
      open = await keep(run, open, findings, looks > 1);
      if (open.length > 0) await deps.clock.sleep(SECOND_LOOK_MS, work.signal).catch(() => undefined);
    } catch (error) {
      if (work.signal.aborted) return;
      if (!(await meet(run, open, deps.classify(error, deps.clock.now())))) return;
    }
  }
}

/** Stores what was found; gives the items to look at once more. */
async function keep<C>(
  run: Run<C>,
  items: readonly JobItem[],
  findings: readonly Finding[],
  isSecondLook: boolean,
): Promise<JobItem[]> {
  const { deps, claim, work } = run;
  const now = deps.clock.now();
  const again: JobItem[] = [];
  const statements = items.flatMap((item, index) => {
    const finding = findings[index];
    if (!finding) throw new Error(`${work.job.kind}: nothing found out about item ${item.position}.`);
    if (finding.status !== 'absent') return outcomeStatements(work.job.id, item, finding, now, true);
    if (!isSecondLook) {
      again.push(item);
      return [];
    }
    if (item.attempts < MAX_ATTEMPTS) {
      return pendingStatements(work.job.id, [item], { wasSent: true, finding });
    }
    const detail = `Sent ${item.attempts} times, each time without an answer and without effect. ${item.errorDetail ?? ''}`;
    const given = { status: 'failed', code: 'FLIGHTDECK.NO_ANSWER', detail: detail.trim() } as const;
    return outcomeStatements(
      work.job.id,
      item,
      finding.statements ? { ...given, statements: finding.statements } : given,
      now,
      true,
    );
  });
  if (statements.length > 0) await commit(deps, claim, statements);
  return again;
}

/** Whether to look again after an error while reading back. */
async function meet<C>(run: Run<C>, items: readonly JobItem[], trouble: Trouble): Promise<boolean> {
  const { deps, claim, work } = run;
  const now = deps.clock.now();
  switch (trouble.kind) {
    case 'stop':
      return holdJob(run, trouble.reason, { kind: trouble.hold });
    case 'wait':
      await waitOut(run, trouble.until, trouble.reason, { isSettling: true });
      return !work.signal.aborted;
    case 'unknown':
      await commit(deps, claim, [ambiguousStatement(work.job.id, items, trouble.code, trouble.detail)]);
      await waitOut(run, now + nextBackoff(run), `App Store Connect does not answer: ${trouble.detail}`, {
        isSettling: true,
      });
      return !work.signal.aborted;
    case 'refused': {
      const { code, detail } = trouble;
      const outcome = { status: 'failed', code, detail } as const;
      await commit(
        deps,
        claim,
        items.flatMap((item) => outcomeStatements(work.job.id, item, outcome, now, true)),
      );
      return false;
    }
  }
}
