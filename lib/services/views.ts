import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authorise, can, may } from '@/lib/access/policy';
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

interface Row extends Omit<SavedView, 'shared' | 'isYours' | 'updatedAt'> {
  readonly shared: number;
  readonly updatedAt: number;
}

/** Stands for the id of an app in the page of a view that holds in every app. */
const EVERY_APP = 'apps/*/';

/** The shared views and one's own, by name; those of a page of one app with those that hold in every app. */
export async function listViews(ctx: Ctx, page?: string): Promise<SavedView[]> {
  authorise(ctx.actor, 'views:read');
  const rows = await ctx.db.query<Row>(
    `SELECT * FROM savedViews WHERE (shared = 1 OR ownerId = ?) ${page === undefined ? '' : 'AND page IN (?, ?)'} ORDER BY shared, name, id`,
    [ownerOf(ctx), ...(page === undefined ? [] : [page, page.replace(/^apps\/[^/]+\//, EVERY_APP)])],
  );
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
  const id = randomUUID();
  const now = ctx.clock.now();
  await ctx.db.write([
    {
      sql: 'INSERT INTO savedViews (id, page, name, query, shared, ownerId, createdAt, updatedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      params: [id, given.page, given.name, given.query, given.shared ? 1 : 0, ownerOf(ctx), now, now],
    },
  ]);
  return toView(ctx, await rowOf(ctx, id));
}

/** Changes a view of one's own; admins may change any. @throws RefusedError 403, 404 */
export async function changeView(ctx: Ctx, given: z.infer<typeof viewChangeBody>): Promise<SavedView> {
  authorise(ctx.actor, 'views:write');
  const row = await ownRow(ctx, given.id);
  const shared = given.shared === undefined ? row.shared : given.shared ? 1 : 0;
  await ctx.db.write([
    {
      sql: 'UPDATE savedViews SET name = ?, query = ?, shared = ?, updatedAt = ? WHERE id = ?',
      params: [given.name ?? row.name, given.query ?? row.query, shared, ctx.clock.now(), row.id],
    },
  ]);
  return toView(ctx, await rowOf(ctx, row.id));
}

/** Removes a view of one's own; admins may remove any. */
export async function removeView(ctx: Ctx, { id }: z.infer<typeof viewRemovalBody>): Promise<void> {
  authorise(ctx.actor, 'views:write');
  const row = await ownRow(ctx, id);
  await ctx.db.write([{ sql: 'DELETE FROM savedViews WHERE id = ?', params: [row.id] }]);
}

async function ownRow(ctx: Ctx, id: string): Promise<Row> {
  const row = await rowOf(ctx, id);
  const isOwn = row.ownerId === ownerOf(ctx);
  if (isOwn || ctx.actor.kind === 'system' || can(ctx.actor.role, 'team:write')) return row;
  throw new RefusedError({
    status: 403,
    code: 'FLIGHTDECK.FORBIDDEN',
    title: 'Not allowed',
    detail: 'This view belongs to somebody else. Save a copy of your own.',
  });
}

async function rowOf(ctx: Ctx, id: string): Promise<Row> {
  const row = (
    await ctx.db.query<Row>('SELECT * FROM savedViews WHERE id = ? AND (shared = 1 OR ownerId = ?)', [
      id,
      ownerOf(ctx),
    ])
  )[0];
  if (!row) throw notFound('There is no such view.');
  return row;
}

function ownerOf({ actor }: Ctx): string {
  return actor.kind === 'user' ? actor.id : actor.name;
}

function toView(ctx: Ctx, row: Row): SavedView {
  const { id, page, name, query, ownerId } = row;
  const updatedAt = new Date(row.updatedAt).toISOString();
  return {
    id,
    page,
    name,
    query,
    ownerId,
    shared: row.shared === 1,
    isYours: ownerId === ownerOf(ctx),
    updatedAt,
  };
}
