import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authorise, type UserActor } from '@/lib/access/policy';
import { buildWords } from '@/lib/format/builds';
import { label } from '@/lib/format/labels';
import { personName } from '@/lib/format/people';
import { type ReplyValues, replyProblem } from '@/lib/format/reply';
import { namesOfApps } from '@/lib/mirror/query';
import { StaleWriteError } from '@/lib/store/errors';
import { announced } from '@/lib/store/feed';
import { exactly } from '@/lib/store/store';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { conflict, notFound } from '../errors';
import { issueRows } from './issue-rows';
import { reportPage } from './report';
import { issueName } from './title';

type PersonCtx = Ctx & { readonly actor: UserActor };

const text = (most: number, named: string) =>
  z
    .string()
    .max(most, `${named} has at most ${most.toLocaleString('en')} characters.`)
    .superRefine((given, refinement) => {
      const problem = replyProblem(given);
      if (problem !== null) refinement.addIssue({ code: 'custom', message: problem });
    });

export const replyBody = z.strictObject({
  name: z.string().trim().min(1, 'Give it a name.').max(80, 'A name has at most 80 characters.'),
  subject: text(200, 'A subject'),
  body: text(10_000, 'A text').refine((given) => given.trim() !== '', 'Write what it says.'),
  /** Of one that is changed: the version that was seen. */
  version: z.int().exactOptional(),
});
export type ReplyBody = z.infer<typeof replyBody>;

/** Which saved reply it began with; null for none. */
export const replyOpenedBody = z.strictObject({ replyId: z.string().min(1).max(200).nullable() });

/** A text that people answer testers with. */
export interface SavedReplyView {
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  readonly body: string;
  readonly version: number;
}

/** Every saved reply, by name. */
export async function listReplies(ctx: Ctx): Promise<SavedReplyView[]> {
  authorise(ctx.actor, 'feedback:write');
  const rows = await ctx.db.prisma.savedReply.findMany({
    select: { id: true, name: true, subject: true, body: true, version: true },
  });
  return rows.toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

/** Keeps a text for everybody who answers. */
export async function addReply(ctx: PersonCtx, { version: _, ...given }: ReplyBody): Promise<{ id: string }> {
  authorise(ctx.actor, 'feedback:write');
  const [id, now] = [randomUUID(), ctx.clock.now()];
  const draft = { type: 'savedReplies', resourceId: id, label: given.name };
  return audited(ctx, { ...draft, action: 'create', requested: given }, async () => ({
    result: { id },
    after: given,
    statements: [
      ctx.db.build.insertInto('savedReplies').values({
        ...{ id, ...given, createdAt: now, createdBy: ctx.actor.id, updatedAt: now, updatedBy: ctx.actor.id },
      }),
    ],
  }));
}

/** Changes one as it was seen. @throws RefusedError 404, 409 where somebody was faster */
export async function changeReply(ctx: PersonCtx, id: string, given: ReplyBody): Promise<{ id: string }> {
  authorise(ctx.actor, 'feedback:write');
  const { version, ...wanted } = given;
  const row = await replyRow(ctx, id);
  if (row.version !== version) throw stale();
  const before = { name: row.name, subject: row.subject, body: row.body };
  const draft = { type: 'savedReplies', resourceId: id, label: given.name, before, requested: wanted };
  try {
    return await audited(ctx, { ...draft, action: 'update' }, async () => ({
      result: { id },
      after: wanted,
      statements: [
        exactly(
          1,
          ctx.db.build
            .updateTable('savedReplies')
            .set({ ...wanted, version: version + 1, updatedAt: ctx.clock.now(), updatedBy: ctx.actor.id })
            .where('id', '=', id)
            .where('version', '=', version),
        ),
      ],
    }));
  } catch (error) {
    if (error instanceof StaleWriteError) throw stale();
    throw error;
  }
}

/** Takes one away. @throws RefusedError 404 */
export async function removeReply(ctx: PersonCtx, id: string): Promise<void> {
  authorise(ctx.actor, 'feedback:write');
  const { name, subject, body } = await replyRow(ctx, id);
  const draft = { type: 'savedReplies', resourceId: id, label: name, before: { name, subject, body } };
  await audited(ctx, { ...draft, action: 'delete' }, async () => ({
    result: undefined,
    statements: [ctx.db.build.deleteFrom('savedReplies').where('id', '=', id)],
  }));
}

const stale = () =>
  conflict(
    'FLIGHTDECK.STALE',
    'Somebody has changed this reply meanwhile. Nothing was changed; look and decide again.',
  );

async function replyRow(ctx: Ctx, id: string) {
  const row = await ctx.db.prisma.savedReply.findUnique({ where: { id } });
  if (!row) throw notFound('There is no such saved reply any more.');
  return row;
}

/** What an answer to the tester of a report is made of. */
export interface ReplyTo {
  /** Null where App Store Connect tells none. */
  readonly address: string | null;
  readonly values: ReplyValues;
  readonly replies: readonly SavedReplyView[];
}

interface Meta {
  readonly accountId?: string;
  readonly appId?: string;
  readonly build?: Parameters<typeof buildWords>[0] | null;
  readonly tester?: Parameters<typeof personName>[0] | null;
}

/** To whom, and with what, a report is answered; for those who may see addresses. @throws RefusedError 404 */
export async function replyTo(
  ctx: PersonCtx,
  which: { readonly id: string; readonly accountId?: string | undefined },
): Promise<ReplyTo> {
  authorise(ctx.actor, 'feedback:write');
  authorise(ctx.actor, 'testers:identify');
  const { report, comment, facts } = await reportPage(ctx, which);
  const meta = (report.meta ?? {}) as Meta;
  const { email } = await ctx.db.prisma.feedback.findUniqueOrThrow({
    where: { accountId_id: { accountId: String(report.meta?.accountId), id: report.id } },
    select: { email: true },
  });
  const { tester } = meta;
  const names = await namesOfApps(ctx.db, [String(meta.appId)]);
  const address = email || tester?.email || null;
  const day = report.attributes?.createdDate;
  return {
    address,
    values: {
      'tester first name': firstNameOf(tester),
      tester: tester ? personName(tester) : (address ?? ''),
      app: names(String(meta.appId), String(meta.accountId))?.name ?? 'the app',
      build: meta.build ? buildWords(meta.build) : 'the build',
      device: facts.deviceName ?? 'your device',
      system: [facts.platform && label(facts.platform), facts.osVersion].filter(Boolean).join(' '),
      date: typeof day === 'string' ? day.slice(0, 10) : '',
      comment: comment?.trim() ?? '',
      'your name': ctx.actor.name ?? '',
    },
    replies: await listReplies(ctx),
  };
}

// Apple says "Anonymous" for the first name of people it may not name.
function firstNameOf(tester: Meta['tester']): string {
  const name = tester?.firstName?.trim() ?? '';
  return name === '' || /^anonymous$/i.test(name) ? 'there' : name;
}

/** Notes in the history that somebody has opened an answer in a mail program; whether it was sent nobody knows. */
export async function noteReply(
  ctx: PersonCtx,
  which: { readonly id: string; readonly accountId?: string | undefined },
  { replyId }: z.infer<typeof replyOpenedBody>,
): Promise<void> {
  authorise(ctx.actor, 'feedback:write');
  authorise(ctx.actor, 'testers:identify');
  const { report } = await reportPage(ctx, which);
  const issueId = typeof report.attributes?.issueId === 'string' ? report.attributes.issueId : null;
  const [issue] = issueId === null ? [] : await issueRows(ctx, [issueId]);
  const reply =
    replyId === null ? null : await ctx.db.prisma.savedReply.findUnique({ where: { id: replyId } });
  const requested = { reportId: report.id, reply: reply?.name ?? null };
  const draft = {
    ...{ accountId: String(report.meta?.accountId), appId: String(report.meta?.appId) },
    ...{ type: 'feedbackReplies', resourceId: issueId, label: issue ? issueName(issue) : 'a report' },
  };
  await audited(ctx, { ...draft, action: 'create', requested }, async () => ({
    result: undefined,
    after: requested,
    statements: announced('feedback', issueId === null ? [] : [issueId], ctx.clock.now()),
  }));
}
