import { createHash } from 'node:crypto';
import { z } from 'zod';
import { authorise, authoriseApp } from '@/lib/access/policy';
import { buildWords } from '@/lib/format/builds';
import { formatPlural } from '@/lib/format/numbers';
import type { NewItem } from '@/lib/jobs/create';
import { type AppFacts, appOf } from '../app-facts';
import { buildNamed } from '../build-named';
import { requireTyped } from '../confirmation';
import type { Ctx } from '../ctx';
import { conflict, RefusedError } from '../errors';
import type { JobPlan } from '../jobs/plan';
import { programmeNow } from '../programme-time';
import { buildFacts, installHistory } from './facts';
import { dayBefore, judgeAll, type Known } from './judge';
import { type ExpireBuildsInput, type ExpiryRules, expireBuildsInput, expiryRules } from './rules';

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
  /** Names the builds that go, but for what is excepted: see `plan` of what is confirmed. */
  readonly plan: string;
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
  const chosen = await chosenIds(ctx, app, input.builds ?? []);
  const known = await knownOf(ctx, app, input.rules ?? null, chosen);
  const candidates: ExpiryCandidate[] = known.builds
    .filter(({ id }) => chosen.has(id))
    .map((build) => ({
      ...{ id: build.id, name: buildWords(build) },
      ...{ reasons: ['Chosen by itself'], isChosen: true, stays: null },
    }));
  const kept: Record<string, number> = {};
  for (const { build, isNamed, reasons, stays } of input.rules ? judgeAll(input.rules, known) : []) {
    const about = { id: build.id, name: buildWords(build), reasons };
    if (isNamed) candidates.push({ ...about, isChosen: false, stays });
    else for (const reason of reasons) kept[reason] = (kept[reason] ?? 0) + 1;
  }
  const plan = hashOf(candidates.filter(({ stays }) => stays === null));
  const except = new Set(input.except);
  return { candidates: candidates.filter(({ id }) => !except.has(id)), kept, plan };
}

/** All that rules are judged by, as our copy has it now. */
async function knownOf(
  ctx: Ctx,
  place: { readonly accountId: string; readonly appId: string },
  rules: ExpiryRules | null,
  chosen: ReadonlySet<string>,
): Promise<Known> {
  const now = programmeNow(ctx);
  const days = rules?.installsUnchangedDays;
  const installs = days === undefined ? new Map() : await installHistory(ctx.db, place, dayBefore(now, days));
  return { builds: await buildFacts(ctx.db, place), installs, chosen, now };
}

function hashOf(going: readonly ExpiryCandidate[]): string {
  const ids = going.map(({ id }) => id).sort();
  return createHash('sha256').update(JSON.stringify(ids)).digest('base64url').slice(0, 22);
}

async function chosenIds(ctx: Ctx, app: AppFacts, words: readonly string[]): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const each of words) ids.add((await buildNamed(ctx, app, each)).id);
  return ids;
}

/** What all steps of the job share: the rules it was begun by, and which builds were named one by one. */
export const expiryParams = z.object({
  rules: expiryRules.nullable().default(null),
  chosen: z.array(z.string()).default([]),
});

/** What a step of the job is about. */
export const expiryPayload = z.object({
  buildId: z.string(),
  isChosen: z.boolean(),
  reasons: z.array(z.string()),
});
export type ExpiryPayload = z.infer<typeof expiryPayload>;

/**
 * The job that expires builds by rule, or named one by one; nothing is sent here.
 * @throws RefusedError 409 unless the number of builds was confirmed and they are those that were shown, 422 when no build
 * is to be expired
 */
export async function planExpireBuilds(
  ctx: Ctx,
  app: AppFacts,
  input: ExpireBuildsInput,
  isDryRun: boolean,
): Promise<JobPlan> {
  // A token that may start jobs is made for these.
  if (ctx.actor.kind !== 'machine') authorise(ctx.actor, 'programme:write');
  const { candidates, plan } = await candidatesOf(ctx, app, input);
  const going = candidates.filter(({ stays }) => stays === null);
  if (!isDryRun) {
    if (going.length === 0) throw nothing();
    const says = `This expires ${formatPlural(going.length, 'build')} for good: nobody can install or open them any more.`;
    requireTyped(going.length, input.confirm, says, { pointer: '/input/confirm' });
    if (input.rules && input.plan !== plan) throw input.plan === undefined ? unseen() : moved();
  }
  const ids = going.map(({ id }) => id);
  return {
    title: `Expire ${formatPlural(going.length, 'build')} of ${app.title}`,
    params: {
      ...(ids.length === 1 ? { buildId: ids[0] } : { buildIds: ids }),
      ...{ planned: going.length, rules: input.rules ?? null, plan },
      chosen: going.flatMap(({ id, isChosen }) => (isChosen ? [id] : [])),
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

const unseen = () =>
  conflict(
    'FLIGHTDECK.STALE',
    'Rules are confirmed for the builds that were looked at: make a dry run or ask for a preview, and give its “plan”.',
  );

const moved = () =>
  conflict(
    'FLIGHTDECK.STALE',
    'The rules name other builds now than those that were shown, so nothing was done. Look at them again, then confirm.',
  );

/** Of builds as our copy has them now, why one is not to be expired by rule any more; null where it is. */
export async function keptNow(
  ctx: Ctx,
  place: { readonly accountId: string; readonly appId: string },
  id: string,
  { rules, chosen }: z.infer<typeof expiryParams>,
): Promise<string | null> {
  if (rules === null) return null;
  const verdicts = judgeAll(rules, await knownOf(ctx, place, rules, new Set(chosen)));
  const own = verdicts.find(({ build }) => build.id === id);
  if (!own) return null;
  return own.isNamed ? own.stays : `Stays: the rules do not name it any more. ${own.reasons.join('. ')}.`;
}
