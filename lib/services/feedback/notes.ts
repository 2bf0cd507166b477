import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authorise, personId, type UserActor } from '@/lib/access/policy';
import { usersAmong } from '@/lib/access/users';
import { announced } from '@/lib/store/feed';
import { exactly, type Write } from '@/lib/store/store';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { badMember, notFound } from '../errors';
import { type IssueRow, standingIssue } from './issue-rows';
import { issueName } from './title';

type PersonCtx = Ctx & { readonly actor: UserActor };

const id = z.string().min(1).max(200);
const text = z
  .string()
  .trim()
  .min(1, 'A note needs words.')
  .max(10_000, 'A note has at most 10,000 characters.');
/** Who is meant by an @ in the text: chosen, never guessed from it. */
const mentions = z.array(id).max(50).default([]);

export const newNoteBody = z.strictObject({ issueId: id, feedbackId: id.exactOptional(), text, mentions });
export const noteChangeBody = z.strictObject({ id, text, mentions });
/** `isBack` takes the removal back. */
export const noteRemovalBody = z.strictObject({ id, isBack: z.boolean().default(false) });

/** What somebody said about an issue; instants as ISO text. */
export interface Note {
  readonly id: string;
  readonly text: string;
  readonly author: string;
  readonly isYours: boolean;
  readonly createdAt: string;
  readonly isEdited: boolean;
}

/** Says something about an issue. @throws RefusedError 400 for somebody mentioned who is not here, 404 */
export async function addNote(ctx: PersonCtx, given: z.infer<typeof newNoteBody>): Promise<{ id: string }> {
  authorise(ctx.actor, 'feedback:write');
  const issue = await issueOf(ctx, given.issueId);
  const noteId = randomUUID();
  const now = ctx.clock.now();
  const told = await mentioned(ctx, given.mentions, { issueId: issue.id, noteId });
  return audited(ctx, { ...draft(issue), action: 'create' }, async () => ({
    result: { id: noteId },
    statements: [
      ctx.db.build.insertInto('issueNotes').values({
        ...{ id: noteId, issueId: issue.id, feedbackId: given.feedbackId ?? null, authorId: ctx.actor.id },
        ...{ text: given.text, createdAt: now, updatedAt: now },
      }),
      ...told,
      ...announced('feedback', [issue.id], now),
    ],
  }));
}

/** Changes a note of one's own; who is mentioned anew is told. @throws RefusedError 404 for one that is not yours */
export async function changeNote(ctx: PersonCtx, given: z.infer<typeof noteChangeBody>): Promise<void> {
  authorise(ctx.actor, 'feedback:write');
  const { issue } = await ownNote(ctx, given.id);
  const now = ctx.clock.now();
  const told = await mentioned(ctx, given.mentions, { issueId: issue.id, noteId: given.id });
  await audited(ctx, { ...draft(issue), action: 'update' }, async () => ({
    result: undefined,
    statements: [
      exactly(1, ownRow(ctx, given.id).set({ text: given.text, updatedAt: now })),
      ...told,
      ...announced('feedback', [issue.id], now),
    ],
  }));
}

/** Takes a note of one's own away, or has it back. @throws RefusedError 404 for one that is not yours */
export async function removeNote(
  ctx: PersonCtx,
  { isBack = false, ...given }: z.input<typeof noteRemovalBody>,
): Promise<void> {
  authorise(ctx.actor, 'feedback:write');
  const { issue } = await ownNote(ctx, given.id, isBack);
  const now = ctx.clock.now();
  await audited(ctx, { ...draft(issue), action: isBack ? 'create' : 'delete' }, async () => ({
    result: undefined,
    statements: [
      exactly(1, ownRow(ctx, given.id, isBack).set({ deletedAt: isBack ? null : now })),
      ctx.db.build.deleteFrom('notices').where('noteId', '=', given.id).where('readAt', 'is', null),
      ...announced('feedback', [issue.id], now),
    ],
  }));
}

/** What was said about an issue, oldest first. */
export async function notesOf(ctx: Ctx, issueId: string): Promise<Note[]> {
  const rows = await ctx.db.read(
    ctx.db.build
      .selectFrom('issueNotes as n')
      .leftJoin('users as u', 'u.id', 'n.authorId')
      .select(['n.id', 'n.text', 'n.authorId', 'n.createdAt', 'n.updatedAt', 'u.name', 'u.email'])
      .where('n.issueId', '=', issueId)
      .where('n.deletedAt', 'is', null)
      .orderBy('n.createdAt')
      .orderBy('n.id'),
  );
  const own = personId(ctx.actor);
  return rows.map((row) => ({
    ...{ id: row.id, text: row.text, author: row.name || row.email || 'Somebody who is gone' },
    isYours: row.authorId === own,
    createdAt: new Date(row.createdAt).toISOString(),
    isEdited: row.updatedAt > row.createdAt,
  }));
}

const draft = (issue: IssueRow) => ({
  ...{ accountId: issue.accountId, appId: issue.appId, type: 'issueNotes' },
  ...{ resourceId: issue.id, label: issueName(issue) },
});

async function issueOf(ctx: Ctx, issueId: string): Promise<IssueRow> {
  // What was said goes where everything went.
  const issue = await standingIssue(ctx, issueId);
  if (!issue) throw notFound('There is no such issue.');
  return issue;
}

async function ownNote(ctx: PersonCtx, noteId: string, isDeleted = false): Promise<{ issue: IssueRow }> {
  const note = await ctx.db.prisma.issueNote.findFirst({
    where: { id: noteId, authorId: ctx.actor.id, deletedAt: isDeleted ? { not: null } : null },
    select: { issueId: true },
  });
  if (!note) throw notFound('There is no such note of yours.');
  return { issue: await issueOf(ctx, note.issueId) };
}

const ownRow = ({ db, actor }: PersonCtx, noteId: string, isDeleted = false) =>
  db.build
    .updateTable('issueNotes')
    .where('id', '=', noteId)
    .where('authorId', '=', actor.id)
    .where('deletedAt', isDeleted ? 'is not' : 'is', null);

/** Tells who is mentioned, once for each note and never oneself. */
async function mentioned(
  ctx: PersonCtx,
  wanted: readonly string[],
  { issueId, noteId }: { issueId: string; noteId: string },
): Promise<Write[]> {
  const others = [...new Set(wanted)].filter((one) => one !== ctx.actor.id);
  if (others.length === 0) return [];
  const users = await usersAmong(ctx.db, others);
  if (others.some((one) => users.get(one)?.disabledAt !== null))
    throw badMember('/mentions', 'Somebody who is mentioned is not in the team.');
  const known = await ctx.db.prisma.notice.findMany({
    where: { noteId, kind: 'mention' },
    select: { userId: true },
  });
  const told = new Set(known.map(({ userId }) => userId));
  const fresh = others.filter((one) => !told.has(one));
  if (fresh.length === 0) return [];
  return [
    ctx.db.build.insertInto('notices').values(
      fresh.map((userId) => ({
        ...{ id: randomUUID(), userId, kind: 'mention', issueId, noteId, byUserId: ctx.actor.id },
        createdAt: ctx.clock.now(),
      })),
    ),
  ];
}
