import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authorise, can } from '@/lib/access/policy';
import { usersAmong } from '@/lib/access/users';
import { type RuleRow, ruleRows } from '@/lib/feedback/rule-rows';
import { priorityWord } from '@/lib/format/feedback';
import { namesOfApps } from '@/lib/mirror/query';
import { StaleWriteError } from '@/lib/store/errors';
import { exactly } from '@/lib/store/store';
import { appColumns, GONE_APP } from '../app-facts';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { badMember, conflict, notFound } from '../errors';
import { label } from './triage-body';

const id = z.string().min(1).max(200);

export const ruleBody = z
  .strictObject({
    name: z.string().trim().min(1, 'Give the rule a name.').max(60, 'A name has at most 60 characters.'),
    app: z.strictObject({ appId: id, accountId: id.exactOptional() }).nullable(),
    label: label.nullable(),
    frame: z
      .string()
      .trim()
      .min(1, 'Write a function, a binary or a file.')
      .max(200, 'This has at most 200 characters.')
      .nullable(),
    assigneeId: id.nullable(),
    priority: z.int().min(1).max(4).nullable(),
    addLabel: label.nullable(),
    /** Of a rule that is changed: the version that was seen. */
    version: z.int().exactOptional(),
  })
  .refine(
    ({ assigneeId, priority, addLabel }) => assigneeId !== null || priority !== null || addLabel !== null,
    { path: ['assigneeId'], message: 'Say what the rule does: assign, set a priority, or add a label.' },
  );
export type RuleBody = z.infer<typeof ruleBody>;

/** Both the order that is wanted and the one that was seen. */
export const ruleOrderBody = z.strictObject({ ids: z.array(id).max(200), seen: z.array(id).max(200) });
export const ruleApplyBody = z.strictObject({ version: z.int() });

/** A rule as the settings show it. */
export interface RuleView {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly app: { readonly appId: string; readonly accountId: string; readonly name: string } | null;
  readonly label: string | null;
  readonly frame: string | null;
  readonly assignee: {
    readonly id: string;
    readonly name: string;
    /** False where they left, or lost the permission: then the rule assigns nobody. */
    readonly mayWork: boolean;
  } | null;
  readonly priority: number | null;
  readonly addLabel: string | null;
}

const MOST = 100;

/** Every rule, in the order in which they are asked. */
export async function listRules(ctx: Ctx): Promise<RuleView[]> {
  authorise(ctx.actor, 'settings:read');
  const rows = await ruleRows(ctx.db);
  const users = await usersAmong(ctx.db, [...new Set(rows.flatMap(({ assigneeId }) => assigneeId ?? []))]);
  const names = await namesOfApps(
    ctx.db,
    rows.map(({ appId }) => appId),
  );
  return rows.map((row) => {
    const user = row.assigneeId === null ? undefined : users.get(row.assigneeId);
    return {
      ...{ id: row.id, name: row.name, version: row.version, label: row.label, frame: row.frame },
      ...{ priority: row.priority, addLabel: row.addLabel },
      app:
        row.appId === null || row.accountId === null
          ? null
          : {
              ...{ appId: row.appId, accountId: row.accountId },
              name: names(row.appId, row.accountId)?.name ?? GONE_APP,
            },
      assignee:
        row.assigneeId === null
          ? null
          : {
              id: row.assigneeId,
              name: user ? user.name || user.email : 'Somebody who is gone',
              mayWork: user !== undefined && user.disabledAt === null && can(user.role, 'feedback:write'),
            },
    };
  });
}

/** Adds a rule behind the others. @throws RefusedError 400 for who cannot work on feedback, 404 for no such app */
export async function addRule(ctx: Ctx, { version: _, ...given }: RuleBody): Promise<{ id: string }> {
  authorise(ctx.actor, 'settings:write');
  const columns = await columnsOf(ctx, given, null);
  const before = await ruleRows(ctx.db);
  if (before.length >= MOST) throw badMember('/name', `There are ${MOST} rules already. Remove one first.`);
  const told = await toldOf(ctx, columns);
  const [ruleId, now, by] = [randomUUID(), ctx.clock.now(), byOf(ctx)];
  return audited(
    ctx,
    { ...draft(columns), action: 'create', resourceId: ruleId, requested: told },
    async () => ({
      result: { id: ruleId },
      after: told,
      statements: [
        ctx.db.build.insertInto('triageRules').values(({ selectFrom, eb, fn, lit }) => ({
          ...{ id: ruleId, ...columns, createdAt: now, createdBy: by, updatedAt: now, updatedBy: by },
          position: selectFrom('triageRules').select(
            eb(fn.coalesce(fn.max('position'), lit(0)), '+', 1).as('next'),
          ) as never,
        })),
      ],
    }),
  );
}

/** Changes a rule as it was seen. @throws RefusedError 400, 404, 409 where somebody was faster */
export async function changeRule(ctx: Ctx, ruleId: string, given: RuleBody): Promise<{ id: string }> {
  authorise(ctx.actor, 'settings:write');
  const { version, ...wanted } = given;
  const row = await ruleRow(ctx, ruleId);
  if (version === undefined) throw badMember('/version', 'Say which version of the rule you saw.');
  if (row.version !== version) throw stale();
  const columns = await columnsOf(ctx, wanted, row);
  const [before, told] = [await toldOf(ctx, row), await toldOf(ctx, columns)];
  const entry = { ...draft(columns), action: 'update', resourceId: ruleId, before };
  await orStale(() =>
    audited(ctx, { ...entry, requested: told }, async () => ({
      result: undefined,
      after: told,
      statements: [
        exactly(
          1,
          ctx.db.build
            .updateTable('triageRules')
            .set({ ...columns, version: version + 1, updatedAt: ctx.clock.now(), updatedBy: byOf(ctx) })
            .where('id', '=', ruleId)
            .where('version', '=', version),
        ),
      ],
    })),
  );
  return { id: ruleId };
}

/** Takes a rule away; what it did stays. @throws RefusedError 404 */
export async function removeRule(ctx: Ctx, ruleId: string): Promise<void> {
  authorise(ctx.actor, 'settings:write');
  const row = await ruleRow(ctx, ruleId);
  await audited(
    ctx,
    { ...draft(row), action: 'delete', resourceId: ruleId, before: await toldOf(ctx, row) },
    async () => ({
      result: undefined,
      statements: [
        ctx.db.build.deleteFrom('triageRules').where('id', '=', ruleId),
        ctx.db.build.deleteFrom('rulesApplied').where('ruleId', '=', ruleId),
      ],
    }),
  );
}

/** Puts the rules in another order. @throws RefusedError 409 where it is not the order that was seen */
export async function orderRules(
  ctx: Ctx,
  { ids, seen }: z.infer<typeof ruleOrderBody>,
): Promise<RuleView[]> {
  authorise(ctx.actor, 'settings:write');
  const rows = await ruleRows(ctx.db);
  const stands = rows.map((row) => row.id);
  if (stands.join('\n') !== seen.join('\n')) throw stale();
  if ([...ids].sort().join('\n') !== [...seen].sort().join('\n'))
    throw badMember('/ids', 'Name each rule once.');
  const position = new Map(rows.map((row) => [row.id, row.position]));
  await orStale(() =>
    audited(
      ctx,
      {
        action: 'update',
        type: 'triageRules',
        label: 'Order',
        before: { order: seen },
        requested: { order: ids },
      },
      async () => ({
        result: undefined,
        after: { order: ids },
        statements: ids.map((ruleId, at) =>
          exactly(
            1,
            ctx.db.build
              .updateTable('triageRules')
              .set({ position: at + 1 })
              .where('id', '=', ruleId)
              .where('position', '=', position.get(ruleId) ?? 0),
          ),
        ),
      }),
    ),
  );
  return listRules(ctx);
}

const stale = () =>
  conflict(
    'FLIGHTDECK.STALE',
    'Somebody has changed the rules meanwhile. Nothing was changed; look and decide again.',
  );

async function orStale(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof StaleWriteError) throw stale();
    throw error;
  }
}

const byOf = ({ actor }: Ctx) => (actor.kind === 'user' ? actor.id : null);

async function ruleRow(ctx: Ctx, ruleId: string): Promise<RuleRow> {
  const row = (await ruleRows(ctx.db)).find((one) => one.id === ruleId);
  if (!row) throw notFound('There is no such rule any more.');
  return row;
}

const draft = ({ name, accountId, appId }: Pick<RuleRow, 'name' | 'accountId' | 'appId'>) => ({
  ...{ type: 'triageRules', label: name },
  ...(accountId === null || appId === null ? {} : { accountId, appId }),
});

/** How a rule stands in the trail: by names. */
async function toldOf(
  ctx: Ctx,
  rule: Omit<RuleBody, 'version' | 'app'> & Pick<RuleRow, 'accountId' | 'appId'>,
) {
  const { name, label: onLabel, frame, addLabel, accountId, appId, assigneeId, priority } = rule;
  const names = await namesOfApps(ctx.db, [appId]);
  const user = assigneeId === null ? undefined : (await usersAmong(ctx.db, [assigneeId])).get(assigneeId);
  return {
    ...{ name, label: onLabel, frame, addLabel },
    app: appId === null || accountId === null ? null : (names(appId, accountId)?.name ?? GONE_APP),
    assignee: user ? user.name || user.email : null,
    priority: priority === null ? null : priorityWord(priority),
  };
}

async function columnsOf(
  ctx: Ctx,
  { app: wanted, ...given }: Omit<RuleBody, 'version'>,
  before: RuleRow | null,
) {
  // Whoever is there already may stay while something else is changed.
  if (given.assigneeId !== null && given.assigneeId !== before?.assigneeId) {
    const user = (await usersAmong(ctx.db, [given.assigneeId])).get(given.assigneeId);
    if (!user || user.disabledAt !== null || !can(user.role, 'feedback:write'))
      throw badMember('/assigneeId', 'This person cannot work on feedback: the role triager is needed.');
  }
  return { ...given, ...(await appColumns(ctx, wanted, before)) };
}
