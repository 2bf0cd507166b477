import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { hasAccepted } from '@/lib/asc/catalogue/tester-states';
import { formatPartOf, formatPlural } from '@/lib/format/numbers';
import { createJob, type NewItem } from '@/lib/jobs/create';
import { eachItem, readJob } from '@/lib/jobs/rows';
import { type AppFacts, appOf, buildNames, groupsOf } from '../app-facts';
import { confirmRemoval } from '../confirmation';
import type { Ctx } from '../ctx';
import { notFound, RefusedError } from '../errors';
import { groupWord, uniqueNames } from '../imports/group-names';
import type { ImportPayload } from '../imports/import-testers';
import { creatorOf } from '../imports/service';
import { type TesterPayload, testerPayload } from '../job-steps/tester-payload';
import { loadTesters, testerLabel } from '../testers/selection';
import { HERE_BEFORE, judgeTester, type TesterFacts } from './evaluate';
import { type SessionSource, testerFacts } from './facts';
import { pruneRules } from './rules';

const DAY_MS = 86_400_000;

export const prunePreviewBody = z.strictObject({
  appId: z.string().min(1),
  accountId: z.string().min(1).exactOptional(),
  rules: pruneRules,
});
export const pruneBody = prunePreviewBody.extend({
  /** Testers a person has taken out of the list. */
  except: z.array(z.string().min(1)).max(20_000).default([]),
  /** Write to them once more and remove only who has not come back after so many days. */
  resendFirst: z.strictObject({ graceDays: z.int().min(1).max(90) }).exactOptional(),
  confirm: z.int().exactOptional(),
});
export const restoreBody = z.strictObject({ jobId: z.string().min(1) });

export interface PruneCandidate extends TesterPayload {
  readonly label: string;
  /** The newest invitation we know of, ISO 8601; null for whoever was there before Flightdeck was. */
  readonly invitedAt: string | null;
  /** By when the person was there at the latest, where the invitation is not known, ISO 8601. */
  readonly presentBy: string | null;
  /** The newest session, report or installation we know of, ISO 8601; null when none was seen. */
  readonly lastSeenAt: string | null;
}
export interface PrunePreview {
  readonly candidates: readonly PruneCandidate[];
  readonly keptCount: number;
  /** Why the others stay: reason → how many. */
  readonly kept: Readonly<Record<string, number>>;
  /** Those of them who stay only because they were here before Flightdeck was. */
  readonly keptBeforeCount: number;
  readonly source: SessionSource;
}

/** Who would be removed and why, and why the others stay. Nothing is changed. */
export async function previewPrune(ctx: Ctx, body: z.infer<typeof prunePreviewBody>): Promise<PrunePreview> {
  authorise(ctx.actor, 'testers:write');
  const app = await appOf(ctx, body.appId, body.accountId);
  const { facts, source } = await testerFacts(ctx, app, body.rules);
  const named = new Map<string, { reasons: readonly string[]; tester: TesterFacts }>();
  const kept: Record<string, number> = {};
  const now = ctx.clock.now();
  for (const tester of facts) {
    const verdict = judgeTester(body.rules, tester, now);
    if (verdict.isPruned) named.set(tester.testerId, { reasons: verdict.reasons, tester });
    else for (const reason of verdict.reasons) kept[reason] = (kept[reason] ?? 0) + 1;
  }
  const candidates = (await loadTesters(ctx, app, [...named.keys()]))
    .map((payload): PruneCandidate => {
      const { reasons = [], tester } = named.get(payload.testerId) ?? {};
      return {
        ...payload,
        reasons: [...reasons],
        label: testerLabel(payload),
        invitedAt: instant(tester?.invitedAt),
        presentBy: tester?.invitedAt == null ? instant(tester?.presentBy) : null,
        lastSeenAt: instant(tester?.lastSeenAt),
      };
    })
    .sort(byReasonAndAge);
  return {
    candidates,
    keptCount: facts.length - candidates.length,
    kept,
    keptBeforeCount: kept[HERE_BEFORE] ?? 0,
    source,
  };
}

const instant = (at: number | null | undefined): string | null =>
  at == null ? null : new Date(at).toISOString();

/** Equal reasons together; among them who was there before Flightdeck first, then the oldest invitation. */
function byReasonAndAge(a: PruneCandidate, b: PruneCandidate): number {
  const [left, right] = [a, b].map(({ reasons }) => reasons.join());
  return (
    (left ?? '').localeCompare(right ?? '', 'en') ||
    Number(a.invitedAt !== null) - Number(b.invitedAt !== null) ||
    (a.invitedAt ?? a.presentBy ?? '').localeCompare(b.invitedAt ?? b.presentBy ?? '')
  );
}

/**
 * Queues the removal of those the rules name now; with `resendFirst` writes to them at once and removes after the
 * grace period who has not come back. Gives the jobs' ids.
 */
export async function startPrune(
  ctx: Ctx,
  body: z.infer<typeof pruneBody>,
): Promise<{ jobId: string; resendJobId: string | null; count: number }> {
  authorise(ctx.actor, 'jobs:run');
  const { candidates } = await previewPrune(ctx, body);
  const app = await appOf(ctx, body.appId, body.accountId);
  const except = new Set(body.except);
  const chosen = candidates.filter((tester) => !except.has(tester.testerId));
  if (chosen.length === 0) throw nobody('No tester meets these rules.');
  confirmRemoval(chosen.length, body.confirm);
  const items: NewItem[] = chosen.map(itemOf);
  const { graceDays } = body.resendFirst ?? {};
  const now = ctx.clock.now();
  const common = { accountId: app.accountId, appId: app.appId, ...creatorOf(ctx) };
  let resendJobId: string | null = null;
  if (graceDays !== undefined) {
    const resend = chosen.filter(isReachable).map(itemOf);
    const title = `Write to ${formatPlural(resend.length, 'tester')} of ${app.title} before pruning`;
    if (resend.length > 0) {
      resendJobId = await createJob(
        ctx.db,
        { ...common, kind: 'resend-invitations', title, params: {}, items: resend },
        now,
      );
    }
  }
  const jobId = await createJob(
    ctx.db,
    {
      ...common,
      kind: 'prune-testers',
      title: `Prune ${formatPlural(chosen.length, 'tester')} from ${app.title}`,
      params: { rules: body.rules, graceDays: graceDays ?? null, resendJobId, decidedAt: now },
      scheduledAt: graceDays === undefined ? null : now + graceDays * DAY_MS,
      items,
    },
    now,
  );
  return { jobId, resendJobId, count: chosen.length };
}

/** App Store Connect invites nobody who has accepted. */
const isReachable = ({ email, state }: PruneCandidate) => email !== null && !hasAccepted(state);

function itemOf({ label, invitedAt, presentBy, lastSeenAt, ...payload }: PruneCandidate): NewItem {
  return { payload, label };
}

const RESTORABLE = new Set(['prune-testers', 'remove-from-app', 'remove-from-group', 'delete-testers']);

/** What bringing people back would do. */
export interface RestorePreview {
  /** Who is written to. */
  readonly count: number;
  /** Who is not, by the reason in words. */
  readonly others: readonly { readonly reason: string; readonly count: number }[];
}

/** Says whom a restore would write to, and who cannot be brought back; nothing is sent. */
export async function previewRestore(ctx: Ctx, body: z.infer<typeof restoreBody>): Promise<RestorePreview> {
  const { items, count } = await planRestore(ctx, body);
  const others = new Map<string, number>();
  for (const { settled } of items)
    if (settled) others.set(settled.detail, (others.get(settled.detail) ?? 0) + 1);
  return { count, others: [...others].map(([reason, each]) => ({ reason, count: each })) };
}

async function planRestore(ctx: Ctx, { jobId }: z.infer<typeof restoreBody>) {
  authorise(ctx.actor, 'testers:write');
  authorise(ctx.actor, 'jobs:run');
  const job = await readJob(ctx.db, jobId);
  if (!job || job.appId === null || !RESTORABLE.has(job.kind))
    throw notFound('There is no removal of this id.');
  const app = await appOf(ctx, job.appId, job.accountId ?? undefined);
  const items = await restoreItems(ctx, app, jobId);
  return { app, items, count: items.filter((item) => item.settled === undefined).length };
}

/** Queues new invitations for everybody a removal job removed, into the same groups and with the same single builds. */
export async function restoreTesters(
  ctx: Ctx,
  { jobId }: z.infer<typeof restoreBody>,
): Promise<{ jobId: string; count: number }> {
  const { app, items, count } = await planRestore(ctx, { jobId });
  if (count === 0) throw nobody('Nobody of this removal can be invited again.');
  const title = `Restore ${formatPartOf(count, items.length, 'tester')} to ${app.title}`;
  const restored = await createJob(
    ctx.db,
    {
      kind: 'restore-testers',
      title,
      accountId: app.accountId,
      appId: app.appId,
      params: { restores: jobId, planned: count },
      ...creatorOf(ctx),
      items,
    },
    ctx.clock.now(),
  );
  return { jobId: restored, count };
}

async function restoreItems(ctx: Ctx, app: AppFacts, jobId: string): Promise<NewItem[]> {
  const groups = new Map((await groupsOf(ctx, app)).map((group) => [group.id, group]));
  const isUnique = uniqueNames([...groups.values()]);
  const items: NewItem[] = [];
  for await (const item of eachItem(ctx.db, jobId, ['done'])) {
    const tester = testerPayload.parse(item.payload);
    const known = tester.groupIds.flatMap((id) => groups.get(id) ?? []);
    const buildIds = [...(await buildNames(ctx, app, tester.buildIds, { isInstallable: true })).keys()];
    const payload: ImportPayload = {
      line: null,
      email: tester.email ?? '',
      firstName: tester.firstName ?? '',
      lastName: tester.lastName ?? '',
      groupIds: known.map((group) => group.id),
      buildIds,
      groups: known.map((group) => groupWord(group, isUnique(group.name))).join(';'),
      testerId: null,
      isOtherKind: false,
    };
    const problem = unrestorable(tester, known.length + buildIds.length);
    items.push({ payload, label: testerLabel(tester), ...(problem ? { settled: problem } : {}) });
  }
  return items;
}

function unrestorable(tester: TesterPayload, ways: number): NewItem['settled'] | null {
  if (tester.email === null) {
    const detail = 'Came by public link and left no address. The person can only join by a link again.';
    return { status: 'skipped', code: 'FLIGHTDECK.NO_EMAIL', detail };
  }
  if (ways > 0) return null;
  if (tester.groupIds.length + tester.buildIds.length === 0) {
    const detail = 'Was in no group and had no build of its own: there was no access to give back.';
    return { status: 'skipped', code: 'FLIGHTDECK.NO_ACCESS', detail };
  }
  return {
    status: 'failed',
    code: 'FLIGHTDECK.NO_GROUP',
    detail:
      'None of the groups the person was in exists any more, and no build given one by one can be installed.',
  };
}

function nobody(detail: string): RefusedError {
  return new RefusedError({ status: 422, code: 'FLIGHTDECK.NOBODY', title: 'Nobody chosen', detail });
}
