import { z } from 'zod';
import type { AuditEntry } from '@/lib/audit/entry';
import { appOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { conflict } from '../errors';
import { changeRecords, type RecordsBody, recordsOf } from './records';

const one = z.object({ tags: z.string(), note: z.string().nullable(), protected: z.boolean() });
const many = z.object({
  testers: z.array(z.string()).min(1),
  had: z.record(z.string(), z.array(z.string())).optional(),
});
const asked = z.object({
  addTags: z.array(z.string()).optional(),
  removeTags: z.array(z.string()).optional(),
  protected: z.boolean().optional(),
});

/** What takes a change of tags, a note or protection back, for exactly those it changed; null where nothing does. */
export function recordsBack(entry: AuditEntry): ((ctx: Ctx) => Promise<string>) | null {
  if (entry.action !== 'update' || entry.type !== 'testerRecords' || entry.appId === null) return null;
  const place = {
    appId: entry.appId,
    ...(entry.accountId === null ? {} : { accountId: entry.accountId }),
  };
  const was = one.safeParse(entry.before);
  const is = one.safeParse(entry.after);
  const { resourceId } = entry;
  if (was.success && is.success && resourceId !== null) {
    return async (ctx) => {
      await mustStillBe(ctx, place, resourceId, was.data, is.data);
      const testers = { ids: [resourceId] };
      return carried(
        await changeRecords(ctx, { ...place, testers, ...between(is.data, was.data) }, entry.id),
      );
    };
  }
  const before = many.safeParse(entry.before);
  const wanted = asked.safeParse(entry.after);
  if (!before.success || !wanted.success) return null;
  const steps = opposites(before.data, wanted.data);
  if (steps.length === 0) return null;
  return async (ctx) => {
    const done: string[] = [];
    for (const { ids, ...change } of steps) {
      const { auditId } = await changeRecords(ctx, { ...place, testers: { ids }, ...change }, entry.id);
      if (auditId !== null) done.push(auditId);
    }
    return carried({ auditId: done[0] ?? null });
  };
}

type Change = Pick<RecordsBody, 'addTags' | 'removeTags' | 'note' | 'protected'>;
type Place = Pick<RecordsBody, 'appId' | 'accountId'>;
type Shown = z.infer<typeof one>;

function carried({ auditId }: { readonly auditId: string | null }): string {
  if (auditId !== null) return auditId;
  throw conflict('FLIGHTDECK.NOT_UNDOABLE', 'It is so no more: there is nothing to take back.');
}

/** Somebody else's later change must not be lost by an undo. */
async function mustStillBe(ctx: Ctx, place: Place, testerId: string, was: Shown, is: Shown): Promise<void> {
  const now = await recordsOf(ctx, await appOf(ctx, place.appId, place.accountId), testerId);
  const hasChanged = (['tags', 'note', 'protected'] as const).some(
    (name) => was[name] !== is[name] && now[name] !== is[name],
  );
  if (hasChanged) {
    throw conflict('FLIGHTDECK.NOT_UNDOABLE', 'Somebody has changed it again since, and that stays.');
  }
}

function between(from: Shown, to: Shown): Change {
  const [had, has] = [words(from.tags), words(to.tags)];
  const addTags = has.filter((tag) => !had.includes(tag));
  const removeTags = had.filter((tag) => !has.includes(tag));
  return {
    ...(addTags.length > 0 ? { addTags } : {}),
    ...(removeTags.length > 0 ? { removeTags } : {}),
    ...(from.note === to.note ? {} : { note: to.note ?? '' }),
    ...(from.protected === to.protected ? {} : { protected: to.protected }),
  };
}

const words = (tags: string) => tags.split(', ').filter((tag) => tag !== '');

/** One step for each tag: of several, not everybody had the same. */
function opposites(
  { testers, had = {} }: z.infer<typeof many>,
  { addTags = [], removeTags = [], protected: isProtected }: z.infer<typeof asked>,
): (Change & { ids: string[] })[] {
  const without = (tag: string) => testers.filter((id) => !(had[tag] ?? []).includes(id));
  const withIt = (tag: string) =>
    had[tag] === undefined ? testers : testers.filter((id) => had[tag]?.includes(id));
  return [
    ...addTags.map((tag) => ({ ids: without(tag), removeTags: [tag] })),
    ...removeTags.map((tag) => ({ ids: withIt(tag), addTags: [tag] })),
    ...(isProtected === undefined ? [] : [{ ids: testers, protected: !isProtected }]),
  ].filter(({ ids }) => ids.length > 0);
}
