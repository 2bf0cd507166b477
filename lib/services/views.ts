import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authorise, may, ownerOf } from '@/lib/access/policy';
import type { Ctx } from './ctx';
import { notFound, RefusedError } from './errors';

const text = (most: number) => z.string().trim().min(1, 'This is empty.').max(most);

export const newViewBody = z.strictObject({
  page: text(100),
  name: text(80),
  query: z.string().max(4000),
  shared: z.boolean().default(false),
});
export const viewChangeBody = z.strictObject({
  id: text(100),
  name: text(80).optional(),
  query: z.string().max(4000).optional(),
  shared: z.boolean().optional(),
});
export const viewRemovalBody = z.strictObject({ id: text(100) });

/** A list as somebody likes to see it; instants as ISO text. */
export interface SavedView {
  readonly id: string;
  readonly page: string;
  readonly name: string;
  readonly query: string;
  readonly shared: boolean;
  readonly ownerId: string;
  readonly isYours: boolean;
  readonly updatedAt: string;
}

interface Row extends Omit<SavedView, 'isYours' | 'updatedAt'> {
  readonly updatedAt: number;
}

/** Stands for the id of an app in the page of a view that holds in every app. */
const EVERY_APP = 'apps/*/';

/** The shared views and one's own, by name; those of a page of one app with those that hold in every app. */
export async function listViews(ctx: Ctx, page?: string): Promise<SavedView[]> {
  authorise(ctx.actor, 'views:read');
  const pages = page === undefined ? [] : [page, page.replace(/^apps\/[^/]+\//, EVERY_APP)];
  const rows = await ctx.db.prisma.savedView.findMany({
    where: { ...visibleTo(ctx), ...(page === undefined ? {} : { page: { in: pages } }) },
    orderBy: [{ shared: 'asc' }, { name: 'asc' }, { id: 'asc' }],
  });
  // What somebody searched for may be an address that the person who asks would see masked.
  const shown = may(ctx.actor, 'testers:identify') ? rows : rows.filter((row) => !tellsAddress(row));
  return shown.map((row) => toView(ctx, row));
}

function tellsAddress({ name, query }: Row): boolean {
  return `${name} ${new URLSearchParams(query)} ${query}`.match(/@|%40/) !== null;
}

/** Keeps a view under a name. */
export async function saveView(ctx: Ctx, given: z.infer<typeof newViewBody>): Promise<SavedView> {
  authorise(ctx.actor, 'views:write');
  const now = ctx.clock.now();
  const row = await ctx.db.prisma.savedView.create({
    data: { ...given, id: randomUUID(), ownerId: ownerOf(ctx.actor), createdAt: now, updatedAt: now },
  });
  return toView(ctx, row);
}

/** Changes a view of one's own; admins may change any. @throws RefusedError 403, 404 */
export async function changeView(ctx: Ctx, given: z.infer<typeof viewChangeBody>): Promise<SavedView> {
  authorise(ctx.actor, 'views:write');
  const { id } = await ownRow(ctx, given.id);
  const { name, query, shared } = given;
  const row = await ctx.db.prisma.savedView.update({
    where: { id },
    data: {
      ...(name === undefined ? {} : { name }),
      ...(query === undefined ? {} : { query }),
      ...(shared === undefined ? {} : { shared }),
      updatedAt: ctx.clock.now(),
    },
  });
  return toView(ctx, row);
}

/** Removes a view of one's own; admins may remove any. */
export async function removeView(ctx: Ctx, { id }: z.infer<typeof viewRemovalBody>): Promise<void> {
  authorise(ctx.actor, 'views:write');
  const row = await ownRow(ctx, id);
  await ctx.db.prisma.savedView.deleteMany({ where: { id: row.id } });
}

async function ownRow(ctx: Ctx, id: string): Promise<Row> {
  const row = await rowOf(ctx, id);
  const isOwn = row.ownerId === ownerOf(ctx.actor);
  if (isOwn || may(ctx.actor, 'team:write')) return row;
  throw new RefusedError({
    status: 403,
    code: 'FLIGHTDECK.FORBIDDEN',
    title: 'Not allowed',
    detail: 'This view belongs to somebody else. Save a copy of your own.',
  });
}

async function rowOf(ctx: Ctx, id: string): Promise<Row> {
  const row = await ctx.db.prisma.savedView.findUnique({ where: { id, ...visibleTo(ctx) } });
  if (!row) throw notFound('There is no such view.');
  return row;
}

function visibleTo(ctx: Ctx) {
  return { OR: [{ shared: true }, { ownerId: ownerOf(ctx.actor) }] };
}

function toView(ctx: Ctx, row: Row): SavedView {
  const { id, page, name, query, ownerId, shared } = row;
  const updatedAt = new Date(row.updatedAt).toISOString();
  return {
    id,
    page,
    name,
    query,
    ownerId,
    shared,
    isYours: ownerId === ownerOf(ctx.actor),
    updatedAt,
  };
}
