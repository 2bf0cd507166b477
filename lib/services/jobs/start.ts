import { z } from 'zod';
import { authorise, authoriseApp } from '@/lib/access/policy';
import { createJob, type NewItem } from '@/lib/jobs/create';
import { type AppFacts, appOf } from '../app-facts';
import { answerComplianceInput, planAnswerCompliance } from '../builds/start-answer-compliance';
import type { Ctx } from '../ctx';
import { planExpireBuilds } from '../expiry/plan';
import { expireBuildsInput } from '../expiry/rules';
import { creatorOf } from '../imports/service';
import { planSaveNotes, saveNotesInput } from '../notes/start-save-notes';
import { applyInput, planApplyProgramme } from '../programme/plan';
import { inTurn } from '../resources/turn';
import { shipInput } from '../ship/input';
import { planShip } from '../ship/start-ship';
import type { JobPlan } from './plan';

const common = {
  appId: z.string().min(1, 'Say which app: its id.'),
  accountId: z.string().min(1).exactOptional(),
  /** Nothing is sent; the job holds what would be. */
  dryRun: z.boolean().exactOptional(),
};

/** A job of many steps that other programs may start too. */
export const newJobBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('save-notes'), input: saveNotesInput, ...common }),
  z.strictObject({ kind: z.literal('answer-compliance'), input: answerComplianceInput, ...common }),
  z.strictObject({ kind: z.literal('ship'), input: shipInput, ...common }),
  z.strictObject({ kind: z.literal('expire-builds'), input: expireBuildsInput, ...common }),
  z.strictObject({ kind: z.literal('apply-programme'), input: applyInput, ...common }),
]);
type NewJobBody = z.infer<typeof newJobBody>;

/** Starts a job; a dry run is one too, whose items say what would be sent. @throws RefusedError with the member that is wrong */
export async function startJob(ctx: Ctx, body: NewJobBody): Promise<{ id: string }> {
  authorise(ctx.actor, 'jobs:run');
  const app = await appOf(ctx, body.appId, body.accountId);
  authoriseApp(ctx.actor, 'jobs:run', app);
  const begin = () => planAndCreate(ctx, app, body);
  // Of two that are begun at once, the second one has to see the first.
  return body.kind === 'ship' && body.dryRun !== true
    ? inTurn(ctx, { accountId: app.accountId, type: 'ships', id: app.appId }, begin)
    : begin();
}

async function planAndCreate(ctx: Ctx, app: AppFacts, body: NewJobBody): Promise<{ id: string }> {
  const { title, params, items, ...plan } = await planOfJob(ctx, app, body);
  const isDryRun = body.dryRun === true;
  const id = await createJob(
    ctx.db,
    {
      kind: body.kind,
      title: isDryRun ? `Dry run: ${title}` : title,
      accountId: app.accountId,
      appId: app.appId,
      params: isDryRun ? { ...params, isDryRun } : params,
      ...creatorOf(ctx),
      items: isDryRun ? items.map((item) => planned(item, plan)) : items,
    },
    ctx.clock.now(),
  );
  return { id };
}

function planOfJob(ctx: Ctx, app: AppFacts, body: NewJobBody): Promise<JobPlan> {
  switch (body.kind) {
    case 'save-notes':
      return planSaveNotes(ctx, app, body.input);
    case 'answer-compliance':
      return planAnswerCompliance(ctx, app, body.input);
    case 'ship':
      return planShip(ctx, app, body.input, body.dryRun === true);
    case 'expire-builds':
      return planExpireBuilds(ctx, app, body.input, body.dryRun === true);
    case 'apply-programme':
      return planApplyProgramme(ctx, app, body.input, body.dryRun === true);
  }
}

function planned(item: NewItem, plan: Pick<JobPlan, 'planOf' | 'stopsAt'>): NewItem {
  if (item.settled) return item;
  const code = plan.stopsAt?.(item) ? 'FLIGHTDECK.WOULD_STOP' : 'FLIGHTDECK.PLANNED';
  return { ...item, settled: { status: 'skipped', code, detail: plan.planOf(item) } };
}
