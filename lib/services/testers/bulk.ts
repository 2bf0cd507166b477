import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { formatPlural } from '@/lib/format/numbers';
import { wordToType } from '@/lib/format/typed';
import { createJob } from '@/lib/jobs/create';
import { type AppFacts, appOf, buildNames, type GroupRow, groupsOf } from '../app-facts';
import { CONFIRM_ABOVE, requireTyped } from '../confirmation';
import type { Ctx } from '../ctx';
import { badMember } from '../errors';
import { creatorOf } from '../imports/service';
import type { TesterPayload } from '../job-steps/tester-payload';
import { type BulkConsequences, consequencesOf } from './bulk-consequences';
import { BULK_KINDS, type BulkKind } from './bulk-kinds';
import { selectTesters, testerLabel, testerSelection } from './selection';

/** What to do with many testers of one app. */
export const bulkBody = z.strictObject({
  kind: z.enum(BULK_KINDS),
  appId: z.string().min(1),
  accountId: z.string().min(1).exactOptional(),
  testers: testerSelection,
  groupId: z.string().min(1).exactOptional(),
  buildId: z.string().min(1).exactOptional(),
  /** `confirmWord`, typed by a person who removes many or deletes. */
  confirm: z.union([z.int(), z.string().max(400)]).exactOptional(),
});
export type BulkBody = z.infer<typeof bulkBody>;

export interface BulkPreview extends BulkConsequences {
  readonly kind: BulkKind;
  readonly title: string;
  readonly count: number;
  /** What has to be typed before it starts: how many, or who; null when nothing. */
  readonly confirmWord: string | number | null;
  /** The first few, as people call them. */
  readonly sample: readonly string[];
}

/** Says what an operation will do and take away; nothing is sent. */
export async function previewBulk(ctx: Ctx, body: BulkBody): Promise<BulkPreview> {
  authorise(ctx.actor, 'testers:write');
  const { app, testers, target, groups } = await prepare(ctx, body);
  return {
    kind: body.kind,
    title: titleOf(body.kind, testers.length, target),
    count: testers.length,
    confirmWord: confirmWord(body.kind, testers),
    sample: testers.slice(0, 10).map(testerLabel),
    ...(await consequencesOf(ctx, app, body, testers, groups)),
  };
}

/** Queues the operation; gives the job's id. @throws RefusedError 409 when many are removed unconfirmed */
export async function startBulk(ctx: Ctx, body: BulkBody): Promise<{ jobId: string; count: number }> {
  authorise(ctx.actor, 'testers:write');
  authorise(ctx.actor, 'jobs:run');
  const { app, testers, target } = await prepare(ctx, body);
  const title = titleOf(body.kind, testers.length, target);
  const word = confirmWord(body.kind, testers);
  if (word !== null) requireTyped(word, body.confirm, `${title}: there is no undo.`);
  const jobId = await createJob(
    ctx.db,
    {
      kind: body.kind,
      title,
      accountId: app.accountId,
      appId: app.appId,
      params: paramsOf(body),
      ...creatorOf(ctx),
      items: testers.map((tester) => ({ payload: tester, label: testerLabel(tester) })),
    },
    ctx.clock.now(),
  );
  return { jobId, count: testers.length };
}

/** Only what the operation is about: the handler takes the first it finds. */
function paramsOf({ kind, groupId, buildId }: BulkBody): Record<string, string> {
  if (kind.endsWith('-group') && groupId) return { groupId };
  return kind.endsWith('-build') && buildId ? { buildId } : {};
}

interface Prepared {
  app: AppFacts;
  testers: TesterPayload[];
  groups: GroupRow[];
  /** The name of the group or build it is about. */
  target: string;
}

async function prepare(ctx: Ctx, body: BulkBody): Promise<Prepared> {
  const app = await appOf(ctx, body.appId, body.accountId);
  const groups = await groupsOf(ctx, app);
  return {
    app,
    groups,
    target: await targetOf(ctx, app, body, groups),
    testers: await selectTesters(ctx, app, body.testers),
  };
}

async function targetOf(
  ctx: Ctx,
  app: AppFacts,
  body: BulkBody,
  groups: readonly GroupRow[],
): Promise<string> {
  if (body.kind.endsWith('-group')) {
    const group = groups.find((one) => one.id === body.groupId);
    if (!group) throw badMember('/groupId', 'Choose a group of this app.');
    return group.name;
  }
  if (body.kind.endsWith('-build')) {
    const { buildId = '' } = body;
    const name = (await buildNames(ctx, app, [buildId])).get(buildId);
    if (name === undefined) throw badMember('/buildId', 'Choose a build of this app.');
    return name;
  }
  return app.title;
}

/** Deleting from the team is always confirmed, by who it is or how many; other removals above fifty. */
function confirmWord(kind: BulkKind, testers: readonly TesterPayload[]): string | number | null {
  const [first] = testers;
  if (kind === 'delete-testers')
    return testers.length === 1 && first ? wordToType(testerLabel(first)) : testers.length;
  return kind.startsWith('remove-') && testers.length > CONFIRM_ABOVE ? testers.length : null;
}

/** What an operation is called in lists of jobs. */
export function titleOf(kind: BulkKind, count: number, target: string): string {
  const who = formatPlural(count, 'tester');
  return {
    'resend-invitations': `Resend ${formatPlural(count, 'invitation')} to ${target}`,
    'add-to-group': `Add ${who} to ${target}`,
    'remove-from-group': `Remove ${who} from ${target}`,
    'remove-from-app': `Remove ${who} from ${target}`,
    'delete-testers': `Delete ${who} from the team`,
    'add-build': `Give ${target} to ${who}`,
    'remove-build': `Take ${target} from ${who}`,
  }[kind];
}
