import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { AuditEntry } from '@/lib/audit/entry';
import { appOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { conflict } from '../errors';
import { keptChoices } from './template-choices';
import { insert, readKept, removeShipTemplate, templateRow, update } from './templates';

const kept = z.object({ name: z.string(), choices: keptChoices });

/** What takes a change of a template of ships back; null where the entry is none. */
export function templateBack(entry: AuditEntry): ((ctx: Ctx) => Promise<string>) | null {
  const { type, action, appId, resourceId: id } = entry;
  if (type !== 'shipTemplates' || appId === null || id === null) return null;
  const before = kept.safeParse(entry.before);
  const after = kept.safeParse(entry.after);
  if (action === 'delete' && before.success) {
    const { name, choices } = before.data;
    return async (ctx) => {
      const app = await appOf(ctx, appId, entry.accountId ?? undefined);
      if (await ctx.db.prisma.shipTemplate.findUnique({ where: { id } })) throw otherwise();
      return (await insert(ctx, app, { id, name, kept: choices }, entry.id)).auditId;
    };
  }
  if (!after.success) return null;
  if (action === 'create')
    return async (ctx) => {
      await still(ctx, id, after.data);
      return (await removeShipTemplate(ctx, id, entry.id)).auditId;
    };
  if (action !== 'update' || !before.success) return null;
  const { name, choices } = before.data;
  return async (ctx) => {
    const row = await still(ctx, id, after.data);
    return (await update(ctx, row, { name, kept: choices }, entry.id)).auditId;
  };
}

/** Somebody else's later change must not be lost by an undo. */
async function still(ctx: Ctx, id: string, { name, choices }: z.infer<typeof kept>) {
  const row = await templateRow(ctx, id);
  if (row.name !== name || !isDeepStrictEqual(readKept(row.choices), choices)) throw otherwise();
  return row;
}

const otherwise = () =>
  conflict('FLIGHTDECK.NOT_UNDOABLE', 'Somebody has changed the template since, and that stays.');
