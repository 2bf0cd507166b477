import { z } from 'zod';
import { authorise, authoriseApp } from '@/lib/access/policy';
import { buildWords } from '@/lib/format/builds';
import { formatPlural } from '@/lib/format/numbers';
import type { NewItem } from '@/lib/jobs/create';
import { type AppFacts, appOf } from '../app-facts';
import { buildNamed } from '../build-named';
import { requireTyped } from '../confirmation';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';
import type { JobPlan } from '../jobs/plan';
import { programmeNow } from '../programme-time';
import { type BuildFacts, buildFacts, installHistory } from './facts';
import { dayBefore, guardOf, judge, newestExternal, newestOf } from './judge';
import { type ExpireBuildsInput, expireBuildsInput } from './rules';

export const expiryPreviewBody = z.strictObject({
  appId: z.string().min(1),
  accountId: z.string().min(1).exactOptional(),
  input: expireBuildsInput,
});

/** A build that is expired, or that stays though the rules name it. */
export interface ExpiryCandidate {
  readonly id: string;
  readonly name: string;
  readonly reasons: readonly string[];
  /** Named by itself: nothing but Apple holds it back. */
  readonly isChosen: boolean;
  /** Why it stays; null when it goes. */
  readonly stays: string | null;
}

export interface ExpiryPreview {
  readonly candidates: readonly ExpiryCandidate[];
  /** Builds that the rules do not name: the first thing that speaks for them → how many. */
  readonly kept: Readonly<Record<string, number>>;
}

/** Which builds would be expired and why, which stay though the rules name them, and why the others do. */
export async function previewExpiry(
  ctx: Ctx,
  body: z.infer<typeof expiryPreviewBody>,
): Promise<ExpiryPreview> {
  authorise(ctx.actor, 'programme:write');
  const app = await appOf(ctx, body.appId, body.accountId);
  authoriseApp(ctx.actor, 'programme:write', app);
  return candidatesOf(ctx, app, body.input);
}

async function candidatesOf(ctx: Ctx, app: AppFacts, input: ExpireBuildsInput): Promise<ExpiryPreview> {
  const now = programmeNow(ctx);
  const builds = await buildFacts(ctx.db, app);
  const days = input.rules?.installsUnchangedDays;
  const installs = days === undefined ? new Map() : await installHistory(ctx.db, app, dayBefore(now, days));
  const except = new Set(input.except);
  const chosen = await chosenIds(ctx, app, input.builds ?? []);
  // What goes itself replaces nothing.
  const staying = builds.filter(({ id }) => !chosen.has(id));
  const known = { installs, newest: newestOf(staying), now };
  const external = newestExternal(staying);
  const candidates: ExpiryCandidate[] = [];
  const kept: Record<string, number> = {};
  for (const build of builds) {
    if (except.has(build.id)) continue;
    const about = { id: build.id, name: buildWords(build) };
    if (chosen.has(build.id)) {
      candidates.push({ ...about, reasons: ['Chosen by itself'], isChosen: true, stays: null });
      continue;
    }
    if (!input.rules) continue;
    const { goes, reasons } = judge(input.rules, build, known);
    if (goes) candidates.push({ ...about, reasons, isChosen: false, stays: guardOf(build, external) });
    else for (const reason of reasons) kept[reason] = (kept[reason] ?? 0) + 1;
  }
  return { candidates, kept };
}

async function chosenIds(ctx: Ctx, app: AppFacts, words: readonly string[]): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const each of words) ids.add((await buildNamed(ctx, app, each)).id);
  return ids;
}

/** What a step of the job is about. */
export const expiryPayload = z.object({
  buildId: z.string(),
  isChosen: z.boolean(),
  reasons: z.array(z.string()),
});
export type ExpiryPayload = z.infer<typeof expiryPayload>;

/**
 * The job that expires builds by rule, or named one by one; nothing is sent here.
 * @throws RefusedError 409 unless the number of builds was confirmed, 422 when no build is to be expired
 */
export async function planExpireBuilds(
  ctx: Ctx,
  app: AppFacts,
  input: ExpireBuildsInput,
  isDryRun: boolean,
): Promise<JobPlan> {
  // A token that may start jobs is made for these.
  if (ctx.actor.kind !== 'machine') authorise(ctx.actor, 'programme:write');
  const { candidates } = await candidatesOf(ctx, app, input);
  const going = candidates.filter(({ stays }) => stays === null);
  if (!isDryRun) {
    if (going.length === 0) throw nothing();
    const says = `This expires ${formatPlural(going.length, 'build')} for good: nobody can install or open them any more.`;
    requireTyped(going.length, input.confirm, says, { pointer: '/input/confirm' });
  }
  const ids = going.map(({ id }) => id);
  return {
    title: `Expire ${formatPlural(going.length, 'build')} of ${app.title}`,
    params: {
      ...(ids.length === 1 ? { buildId: ids[0] } : { buildIds: ids }),
      ...{ planned: going.length, rules: input.rules ?? null },
    },
    items: candidates.map(itemOf),
    planOf: ({ payload }) => `Would expire it. ${(payload as ExpiryPayload).reasons.join('. ')}.`,
  };
}

function itemOf({ id, name, reasons, isChosen, stays }: ExpiryCandidate): NewItem {
  const payload: ExpiryPayload = { buildId: id, isChosen, reasons: [...reasons] };
  const item = { payload, label: name };
  return stays === null
    ? item
    : { ...item, settled: { status: 'skipped', code: 'FLIGHTDECK.KEPT', detail: stays } };
}

function nothing(): RefusedError {
  return new RefusedError({
    status: 422,
    code: 'FLIGHTDECK.NOTHING',
    title: 'No build to expire',
    detail: 'No build of the app meets this that may be expired. A dry run says why the others stay.',
  });
}

/** Of builds as our copy has them now, whether one may not be expired by rule any more. */
export async function guardNow(
  ctx: Ctx,
  place: { readonly accountId: string; readonly appId: string },
  id: string,
): Promise<string | null> {
  const builds: readonly BuildFacts[] = await buildFacts(ctx.db, place);
  const build = builds.find((one) => one.id === id);
  return build ? guardOf(build, newestExternal(builds)) : null;
}
