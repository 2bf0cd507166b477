import { may } from '@/lib/access/policy';
import type { Job } from '@/lib/jobs/types';
import { groupsOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { programmeNow } from '../programme-time';
import { gateNow, gateReadAt, gateStepOf } from './gate';
import { groupsWith } from './mails';
import { secondMails } from './plan-second';
import { gateOf, releasedBy } from './release';
import { shipParams } from './steps';

/** A job that waits before its second stage. */
export interface GateView {
  /** Who comes second, by their names. */
  readonly groups: readonly string[];
  /** It does not go on as things stand, and a person should look; one that is paused does not look itself. */
  readonly isHeld: boolean;
  /** The figures so far, with how they are reckoned. */
  readonly words: string;
  /** When the figures were read; null before they were. */
  readonly readAt: string | null;
  /** Whom the second stage mails, as things stand. */
  readonly mails: string;
  /** Whether whoever asks may let it begin. */
  readonly canRelease: boolean;
}

/** What a job waits for before its second stage; null where it does not. */
export async function gateView(ctx: Ctx, job: Job): Promise<GateView | null> {
  const item = await gateOf(ctx, job);
  const step = item && gateStepOf(item);
  const { second, buildId, choices } = item ? shipParams.parse(job.params) : {};
  const { accountId, appId } = job;
  if (!item || !step || !second || !buildId || accountId === null || appId === null) return null;
  const app = { accountId, appId };
  const verdict = gateNow(step, item, programmeNow(ctx));
  const holding = await groupsWith(ctx, app, buildId);
  const known = await groupsOf(ctx, app);
  const isSecond = ({ id }: { readonly id: string }) => second.groups.some((group) => group.id === id);
  const mails = await secondMails(ctx, app, second.mail, {
    buildId,
    reached: known.filter((group) => holding.has(group.id) && !isSecond(group)),
    second: known.filter((group) => isSecond(group) && !holding.has(group.id)),
    isFirstTold: choices?.notify !== 'none',
  });
  const isPaused = job.status === 'paused';
  const isAllowed =
    ctx.actor.kind === 'user' && may(ctx.actor, 'jobs:run') && may(ctx.actor, 'programme:write');
  return {
    groups: second.groups.map(({ id, name }) => known.find((group) => group.id === id)?.name ?? name),
    isHeld: verdict.is === 'hold' && !isPaused,
    words: verdict.words,
    readAt: gateReadAt(item),
    mails,
    canRelease: isAllowed && !isPaused && (await releasedBy(ctx, job.id)) === null,
  };
}
