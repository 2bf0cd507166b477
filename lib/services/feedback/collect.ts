import { authorise } from '@/lib/access/policy';
import { isAscError } from '@/lib/asc/errors';
import { takeIn } from '@/lib/feedback/intake';
import { claimNextLog, logBacklog } from '@/lib/feedback/logs';
import { awakened, isRegression, judged, reopened, suspects } from '@/lib/feedback/regression';
import { regroup } from '@/lib/feedback/regroup';
import { teamRules } from '@/lib/feedback/team-rules';
import { StaleWriteError } from '@/lib/store/errors';
import { announced } from '@/lib/store/feed';
import { accountRows } from '../accounts/rows';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { keepOut } from '../person/keep-out';
import { applyRules } from './apply-rules';
import { fetchClaimed } from './log';
import { issueTitle } from './title';

/** What came in with a sync is taken in, what its builds tell of resolved and sleeping issues is dealt with. */
export async function takeInFeedback(ctx: Ctx, accountId: string, signal?: AbortSignal): Promise<number> {
  await keepOut(ctx, accountId);
  const taken = await takeIn(ctx.db, { accountId, now: ctx.clock.now(), signal });
  await judgeReports(ctx, accountId);
  await ctx.db.write([awakened({ accountId })]);
  await applyRules(ctx, accountId, signal);
  return taken;
}

/**
 * Reopens resolved issues that were seen in newer builds, as far as these are known by now. The marks of reports keep what
 * is still to be judged, whoever grouped them.
 */
export async function judgeReports(ctx: Ctx, accountId: string): Promise<void> {
  for (;;) {
    const reports = await suspects(ctx.db, accountId);
    if (reports.length === 0) return;
    const proof = new Map(
      reports
        .filter(isRegression)
        .map((report) => [report.issueId, report] as const)
        .reverse(),
    );
    for (const report of proof.values()) {
      const mine = reports.filter(({ issueId }) => issueId === report.issueId).map(({ id }) => id);
      try {
        await audited(
          ctx,
          {
            ...{ accountId, appId: report.appId, action: 'update', type: 'issues' },
            ...{ resourceId: report.issueId, label: issueTitle(report) },
            before: { status: report.status, resolvedLabel: report.resolvedLabel },
            requested: { status: 'new', regressedBuildId: report.buildId },
          },
          async () => ({
            result: undefined,
            after: { status: 'new', regressedBuildId: report.buildId },
            statements: [
              ...reopened(report, ctx.clock.now()),
              judged({ accountId, ids: mine }),
              ...announced('feedback', [report.issueId], ctx.clock.now()),
            ],
          }),
        );
      } catch (error) {
        // A person has changed it meanwhile: it is judged anew by what it is now.
        if (!(error instanceof StaleWriteError)) throw error;
      }
    }
    const rest = reports.filter(({ issueId }) => !proof.has(issueId)).map(({ id }) => id);
    if (rest.length > 0) await ctx.db.write([judged({ accountId, ids: rest })]);
  }
}

/** Below this share of the hour's quota logs wait: syncs and people come first. */
const LEAST_QUOTA = 0.2;
/** How long logs wait when the key, the way or the quota forbids to ask, ms. */
const PAUSE_MS = 60_000;
/** The longest that a log waits for its turn in the budget before it is given back, ms. */
const MAX_WAIT_MS = 60_000;

/**
 * Fetches the logs that are wanted, the newest first, one after the other, until there is none that may be asked for now.
 * Gives when to come again at the earliest (ms since 1970), null when nothing is known to forbid it.
 */
export async function collectLogs(ctx: Ctx, accountId: string, signal: AbortSignal): Promise<number | null> {
  const { db, clock, log } = ctx;
  const asc = await ctx.ascFor(accountId, 'sync');
  while (!signal.aborted) {
    const { limit, remaining, blockedUntil } = asc.budget;
    const now = clock.now();
    if (blockedUntil !== undefined && blockedUntil > now) return blockedUntil;
    if (limit !== undefined && remaining !== undefined && remaining < limit * LEAST_QUOTA)
      return now + PAUSE_MS;
    const claim = await claimNextLog(db, accountId, now);
    if (!claim) return null;
    const fetched = await fetchClaimed(ctx, claim, { lane: 'sync', signal, maxWaitMs: MAX_WAIT_MS });
    if (fetched.outcome !== 'putOff') continue;
    if (!fetched.endsRun || signal.aborted) continue;
    const { error } = fetched;
    log.warn({ error, accountId }, 'Crash logs cannot be fetched now; trying again later.');
    return Math.max((isAscError(error) ? error.retryAt : undefined) ?? 0, clock.now() + PAUSE_MS);
  }
  return null;
}

/** Reads kept logs again whose groups are of an older rule. */
export async function regroupLogs(ctx: Ctx, accountId: string, signal: AbortSignal): Promise<number> {
  const team = await teamRules(ctx.db);
  const count = await regroup(ctx.db, { accountId, team, clock: ctx.clock, signal });
  if (count > 0) {
    ctx.log.info({ accountId, count }, 'Crash logs were read again and grouped anew.');
  }
  return count;
}

/** Logs that are still to be fetched. */
export interface Backlog {
  readonly wanted: number;
  /** Of these, how many were refused and wait before they are tried again. */
  readonly putOff: number;
  /** Requests that this may take of an hour; null where Apple has not said how many there are. */
  readonly perHour: number | null;
}

/** What the slow lane has before it, in all accounts, and how fast it may go. */
export async function readBacklog(ctx: Ctx): Promise<Backlog> {
  authorise(ctx.actor, 'feedback:read');
  const accounts = await accountRows(ctx.db);
  const rows = await logBacklog(
    ctx.db,
    accounts.map(({ id }) => id),
  );
  let perHour: number | null = null;
  for (const { accountId } of rows) {
    const { limit } = (await ctx.ascFor(accountId, 'sync')).budget;
    if (limit !== undefined) perHour = (perHour ?? 0) + Math.floor(limit * (1 - LEAST_QUOTA));
  }
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  return { wanted: sum(({ wanted }) => wanted), putOff: sum(({ putOff }) => putOff), perHour };
}
