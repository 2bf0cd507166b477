import { batches } from './batches';
import { ambiguousStatements, outcomeStatements, pendingStatements } from './outbox';
import { allItems } from './rows';
import {
  commit,
  holdJob,
  LOOK_UP_MS,
  nextBackoff,
  type Run,
  settleAgainLater,
  sleepJob,
  sleepWithoutKey,
  waitOut,
} from './run';
import type { Finding, JobItem, Trouble } from './types';

/** An item whose sending was lost this often without a trace has failed. */
const MAX_ATTEMPTS = 5;
/** Apple may show a change late: an absence is believed only when it is seen twice this far apart, ms. */
const SECOND_LOOK_MS = 1000;

/**
 * Finds out what became of items that may have been sent: reads them back from Apple until it is known. What
 * happened is stored as its outcome; what did not waits for its turn again. While a call may still be open at the
 * other end an absence proves nothing: such items are put aside, so that the others go on meanwhile.
 */
export async function settleItems<C>(run: Run<C>, items: readonly JobItem[]): Promise<void> {
  const { deps, handler, work } = run;
  let open = items;
  let looks = items.every(({ position }) => run.later.has(position)) ? 1 : 0;
  for (const { position } of items) run.later.delete(position);
  while (open.length > 0) {
    if (work.signal.aborted) return;
    try {
      const findings = await handler.reconcile(work, open);
      looks += 1;
      open = await keep(run, open, findings, looks > 1);
      if (!handler.isInOrder) open = putAside(run, open);
      if (open.length > 0)
        await deps.clock.sleep(untilNextLook(run, open, looks), work.signal).catch(() => undefined);
    } catch (error) {
      if (work.signal.aborted) return;
      if (!(await meet(run, open, deps.classify(error, deps.clock.now())))) return;
    }
  }
}

/** Settles what was put aside and can be judged by now. */
export async function settleLater<C>(run: Run<C>): Promise<void> {
  const { deps, work } = run;
  const now = deps.clock.now();
  if (Math.min(...run.later.values()) > now) return;
  const open = await allItems(deps.db, work.job.id, ['sending', 'ambiguous']);
  for (const batch of batches(
    run.handler,
    open.filter(({ position }) => (run.later.get(position) ?? 0) <= now),
  )) {
    await settleItems(run, batch);
  }
}

/** Waits until something that was put aside can be judged, or the run must not go on. */
export async function waitForLater<C>(run: Run<C>, goesOn: () => boolean | Promise<boolean>): Promise<void> {
  const { clock } = run.deps;
  while (run.later.size > 0 && (await goesOn())) {
    const left = Math.min(...run.later.values()) - clock.now();
    if (left <= 0) return settleLater(run);
    await clock.sleep(Math.min(left, LOOK_UP_MS), run.work.signal).catch(() => undefined);
  }
}

/** When the last call for an item is certainly over at the other end, ms since 1970. */
function isOverAt<C>({ deps }: Run<C>, { sentAt }: JobItem): number {
  return (sentAt ?? 0) + deps.callLimitMs;
}

/** Notes the items whose call may still be open, and gives the others. */
function putAside<C>(run: Run<C>, items: readonly JobItem[]): JobItem[] {
  const now = run.deps.clock.now();
  return items.filter((item) => {
    const overAt = isOverAt(run, item);
    if (overAt <= now) return true;
    run.later.set(item.position, overAt);
    return false;
  });
}

/** What has happened shows soon: it is looked for after 1, 2, 4 … s, and when no call can be open any more. */
function untilNextLook<C>(run: Run<C>, items: readonly JobItem[], looks: number): number {
  const overAt = Math.max(...items.map((item) => isOverAt(run, item)));
  const left = overAt - run.deps.clock.now();
  return Math.max(SECOND_LOOK_MS, Math.min(left, SECOND_LOOK_MS * 2 ** Math.min(looks - 1, 20)));
}

/** Stores what was found; gives the items to look at once more. */
async function keep<C>(
  run: Run<C>,
  items: readonly JobItem[],
  findings: readonly Finding[],
  isSecondLook: boolean,
): Promise<readonly JobItem[]> {
  const { deps, work } = run;
  const now = deps.clock.now();
  const again: JobItem[] = [];
  const statements = items.flatMap((item, index) => {
    const finding = findings[index];
    if (!finding) throw new Error(`${work.job.kind}: nothing found out about item ${item.position}.`);
    if (finding.status !== 'absent') return outcomeStatements(work.job.id, item, finding, now, true);
    if (!isSecondLook || isOverAt(run, item) > now) {
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
  if (statements.length > 0) await commit(run, statements);
  return again;
}

/** Whether to look again after an error while reading back. */
async function meet<C>(run: Run<C>, items: readonly JobItem[], trouble: Trouble): Promise<boolean> {
  const { deps, work } = run;
  const now = deps.clock.now();
  switch (trouble.kind) {
    case 'stop': {
      const outcomes = (await deps.unknowable?.(work, items)) ?? null;
      if (outcomes !== null) {
        await keep(run, items, outcomes, true);
        return false;
      }
      if (run.claim.isSettleOnly) return settleAgainLater(run, trouble.reason);
      const sleep = sleepWithoutKey(run, trouble);
      if (sleep) return sleepJob(run, [], { ...sleep, note: null });
      return holdJob(run, trouble.reason, { kind: trouble.hold });
    }
    case 'sleep':
      if (run.claim.isSettleOnly) return settleAgainLater(run, trouble.reason, trouble.until);
      return sleepJob(run, [], trouble);
    case 'wait':
      await waitOut(run, trouble.until, trouble.reason, { isSettling: true });
      return !work.signal.aborted;
    case 'unknown':
      await commit(run, ambiguousStatements(work.job.id, items, trouble));
      await waitOut(run, now + nextBackoff(run), `App Store Connect does not answer: ${trouble.detail}`, {
        isSettling: true,
      });
      return !work.signal.aborted;
    case 'refused': {
      const { code, detail } = trouble;
      const outcome = { status: 'failed', code, detail } as const;
      await commit(
        run,
        items.flatMap((item) => outcomeStatements(work.job.id, item, outcome, now, true)),
      );
      return false;
    }
  }
}
