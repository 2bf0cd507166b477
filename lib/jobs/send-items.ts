import { StaleWriteError } from '@/lib/store/database';
import { ambiguousStatements, outcomeStatements, sendingStatements } from './outbox';
import {
  commit,
  FIRST_BACKOFF_MS,
  holdJob,
  putBack,
  type Run,
  sleepJob,
  sleepWithoutKey,
  waitOut,
} from './run';
import { settleItems } from './settle-items';
import type { Concern, JobItem, Outcome, Trouble } from './types';

/** So many items in a row refused for one reason hold the job; those whose reason is their own never do. */
const MOST_ALIKE: Readonly<Record<Concern, number>> = {
  role: 3,
  limit: 3,
  // Many bad rows may stand together in a file.
  unknown: 25,
  target: Number.POSITIVE_INFINITY,
  item: Number.POSITIVE_INFINITY,
};
/** After so many refusals it is looked again whether what the job works on exists. */
const LOOK_EVERY = 20;

/**
 * Sends items that may go in one call and stores what became of each. When a call for several is refused, they are
 * sent one by one, so that one bad item does not take the others with it.
 */
export async function sendItems<C>(run: Run<C>, waiting: readonly JobItem[]): Promise<void> {
  const { deps, handler, work } = run;
  let sentAt = 0;
  try {
    await commit(run, (now) => {
      sentAt = now;
      return sendingStatements(work.job.id, waiting, now);
    });
  } catch (error) {
    // Paused or cancelled between two items: the loop looks at the job again.
    if (error instanceof StaleWriteError) return;
    throw error;
  }
  const items: JobItem[] = waiting.map((item) => ({
    ...item,
    status: 'sending',
    attempts: item.attempts + 1,
    sentAt,
  }));
  let outcomes: readonly Outcome[];
  try {
    outcomes = await handler.run(work, items);
  } catch (error) {
    await meet(run, items, ofAll(run, items, deps.classify(error, deps.clock.now())));
    return;
  }
  await store(run, items, outcomes);
}

/** What was sent before the store went away must be read back: put back, it would be sent a second time. */
function ofAll<C>({ deps }: Run<C>, items: readonly JobItem[], trouble: Trouble): Trouble {
  if (trouble.kind !== 'wait' || !trouble.isStoreAway) return trouble;
  if (!items.some((item) => deps.hasBegun?.(item))) return trouble;
  const { reason: detail, statements = [] } = trouble;
  return { kind: 'unknown', code: 'FLIGHTDECK.DATABASE_AWAY', detail, statements };
}

async function store<C>(run: Run<C>, items: readonly JobItem[], outcomes: readonly Outcome[]): Promise<void> {
  const { deps, work } = run;
  const now = deps.clock.now();
  const statements = items.flatMap((item, index) => {
    const outcome = outcomes[index];
    if (!outcome) throw new Error(`${work.job.kind}: no outcome for item ${item.position}.`);
    return outcomeStatements(work.job.id, item, outcome, now, false);
  });
  await commit(run, statements);
  run.backoffMs = FIRST_BACKOFF_MS;
  if (outcomes.some((outcome) => outcome.status === 'done')) {
    run.alike = { reason: '', items: [] };
  }
}

async function meet<C>(run: Run<C>, items: readonly JobItem[], trouble: Trouble): Promise<void> {
  const { work } = run;
  const { statements = [] } = trouble;
  switch (trouble.kind) {
    case 'wait':
      await putBack(run, items, statements);
      return waitOut(run, trouble.until, trouble.reason);
    case 'sleep':
      await putBack(run, items, statements);
      return sleepJob(run, items, trouble);
    case 'stop': {
      await putBack(run, items, statements);
      const sleep = sleepWithoutKey(run, trouble);
      if (sleep) return sleepJob(run, [], { ...sleep, note: null });
      return holdJob(run, trouble.reason, { kind: trouble.hold });
    }
    case 'unknown':
      await commit(run, [...ambiguousStatements(work.job.id, items, trouble), ...statements]);
      return settleItems(
        run,
        items.map((item) => afterLastCall(run, item)),
      );
    case 'refused':
      return refuse(run, items, trouble);
  }
}

/** Of several calls for one item the last may have left much later than the first. */
function afterLastCall<C>({ deps }: Run<C>, item: JobItem): JobItem {
  const now = deps.clock.now();
  return now - (item.sentAt ?? 0) > deps.callLimitMs ? { ...item, sentAt: now } : item;
}

async function refuse<C>(run: Run<C>, items: readonly JobItem[], trouble: Refusal): Promise<void> {
  const { concerns = 'item' } = trouble;
  if (concerns === 'target') await lookForTarget(run, items, trouble);
  if (items.length > 1) {
    await putBack(run, items, trouble.statements);
    for (const item of items) await sendItems(run, [{ ...item, attempts: item.attempts - 1 }]);
    return;
  }
  const { code, detail, statements } = trouble;
  const outcome: Outcome = { status: 'failed', code, detail, ...(statements ? { statements } : {}) };
  await store(run, items, [outcome]);
  const reason = sameReason(trouble);
  const isAlike = concerns !== 'item' && run.alike.reason === reason;
  run.alike = { reason, items: isAlike ? [...run.alike.items, ...items] : items };
  if (run.alike.items.length < MOST_ALIKE[concerns]) return;
  const { hold } = run.work.job;
  if (hold?.kind === 'repeated' && hold.isWaived && hold.reason === reason) return;
  const kind = concerns === 'unknown' || concerns === 'target' || concerns === 'item' ? 'repeated' : concerns;
  const told = `${run.alike.items.length} in a row were refused for the same reason: ${detail}`;
  return holdJob(run, told, { kind, reason }, run.alike.items);
}

type Refusal = Extract<Trouble, { kind: 'refused' }>;

/** Holds the job when what it works on is gone: none of its items can fare better. */
async function lookForTarget<C>(run: Run<C>, items: readonly JobItem[], trouble: Refusal): Promise<void> {
  const { deps, work } = run;
  run.sinceLook += 1;
  if (!deps.missingTarget || run.sinceLook < LOOK_EVERY) return;
  run.sinceLook = 0;
  // Whoever cannot be asked now is asked at the next refusal.
  const missing = await deps.missingTarget(work, items).catch(() => {
    run.sinceLook = LOOK_EVERY;
    return null;
  });
  if (!missing) return;
  await putBack(run, items, trouble.statements);
  await commit(run, missing.statements);
  await holdJob(run, missing.reason, { kind: 'gone', target: missing.target });
}

/** A refusal without what differs from item to item: addresses, names in quotes, ids and numbers. */
function sameReason({ code, detail }: Refusal): string {
  const general = detail
    .replace(/\S+@\S+/g, '…')
    .replace(/(['"“‘«]).*?(['"”’»])/g, '…')
    .replace(/[\da-f]{8}[\da-f-]*|\d+/gi, '…');
  return `${code} ${general}`;
}
