import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { usersAmong } from '@/lib/access/users';
import { plainLight } from '@/lib/format/light-words';
import type { Light, LightLevel } from '@/lib/format/lights';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { badMember, notFound } from '../errors';
import { programmeNow } from '../programme-time';
import { forActor } from '../resources/shape';
import { DAY_MS } from './ask';
import { askFor } from './ask-for';
import { allLights } from './lights';

const FURTHEST_DAYS = 366;

export const snoozeBody = z.strictObject({
  light: z.string().min(1).max(1_000),
  /** ISO text; null for until it gets worse. */
  until: z.iso.datetime({ offset: true, error: 'Choose a day.' }).nullable(),
});
export const wakeBody = z.strictObject({ light: z.string().min(1).max(1_000) });

/** Until when, ISO text, and how grave the light was. */
export const keptSnooze = z
  .object({ until: z.string().nullable(), level: z.enum(['red', 'amber']) })
  .nullable();
export type KeptSnooze = z.infer<typeof keptSnooze>;

interface Row {
  readonly light: string;
  readonly level: string;
  readonly until: number | null;
  readonly createdAt: number;
  readonly createdBy: string | null;
}

/** A light that is not shown, and who wished that. */
export interface Snoozed {
  readonly light: Light;
  /** ISO text; null for until it gets worse. */
  readonly until: string | null;
  readonly at: string;
  readonly by: string | null;
}

/** Whether a snooze hides a light now: what has got worse comes back. */
export const isHidden = (
  { level, until }: Pick<Row, 'level' | 'until'>,
  light: { readonly level: LightLevel },
  now: number,
): boolean => (until === null || until > now) && !(level === 'amber' && light.level === 'red');

/** Takes the lights that are snoozed out of all that are lit. */
export async function withoutSnoozed(
  { db }: Pick<Ctx, 'db'>,
  lights: readonly Light[],
  now: number,
): Promise<{ readonly shown: readonly Light[]; readonly snoozed: readonly (readonly [Light, Row])[] }> {
  const rows = new Map((await snoozeRows(db)).map((row) => [row.light, row]));
  const shown: Light[] = [];
  const snoozed: (readonly [Light, Row])[] = [];
  for (const light of lights) {
    const row = rows.get(light.key);
    if (row && isHidden(row, light, now)) snoozed.push([light, row]);
    else shown.push(light);
  }
  return { shown, snoozed };
}

const snoozeRows = (db: Ctx['db']) => db.read(db.build.selectFrom('snoozes').selectAll());

/** The lights that are snoozed, of one app or all, with who wished it and until when. */
export async function listSnoozed(
  ctx: Ctx,
  { appId, accountId }: { readonly appId?: string | undefined; readonly accountId?: string | undefined },
): Promise<Snoozed[]> {
  authorise(ctx.actor, 'programme:read');
  const now = programmeNow(ctx);
  const { snoozed } = await withoutSnoozed(ctx, await lit(ctx, accountId), now);
  const own = snoozed.filter(([light]) => appId === undefined || light.appId === appId);
  const people = await usersAmong(ctx.db, [...new Set(own.flatMap(([, { createdBy }]) => createdBy ?? []))]);
  const told = own.map(([light, { until, createdAt, createdBy }]) => {
    const person = createdBy === null ? undefined : people.get(createdBy);
    return {
      light,
      until: until === null ? null : new Date(until).toISOString(),
      at: new Date(createdAt).toISOString(),
      by: person ? person.name || person.email : null,
    };
  });
  return forActor(ctx, told);
}

const lit = (ctx: Ctx, accountId?: string) => allLights(askFor(ctx, accountId));

/** Hides a light from the team. @throws RefusedError 400 for a time that is over, 404 for what is not lit */
export async function snoozeLight(
  ctx: Ctx,
  { light: key, until }: z.infer<typeof snoozeBody>,
): Promise<{ auditId: string }> {
  authorise(ctx.actor, 'lights:snooze');
  const now = programmeNow(ctx);
  const ms = until === null ? null : Date.parse(until);
  if (ms !== null && ms <= now) throw badMember('/until', 'This is over. Choose a later time.');
  if (ms !== null && ms > now + FURTHEST_DAYS * DAY_MS)
    throw badMember('/until', 'Choose a time within a year.');
  const light = (await lit(ctx)).find((one) => one.key === key);
  if (!light) throw notFound('Nothing wants somebody here any more.');
  return keepSnooze(ctx, light, {
    until: ms === null ? null : new Date(ms).toISOString(),
    level: light.level,
  });
}

/** Shows a light again. @throws RefusedError 404 */
export async function wakeLight(
  ctx: Ctx,
  { light: key }: z.infer<typeof wakeBody>,
): Promise<{ auditId: string }> {
  authorise(ctx.actor, 'lights:snooze');
  const light = (await lit(ctx)).find((one) => one.key === key);
  if (!light || !(await snoozeOf(ctx, key))) throw notFound('It is not snoozed, or not any more.');
  return keepSnooze(ctx, light, null);
}

/** How a light is snoozed now; null when it is not. */
export async function snoozeOf({ db }: Pick<Ctx, 'db'>, key: string): Promise<KeptSnooze> {
  const row = await db.prisma.snooze.findUnique({ where: { light: key } });
  if (!row) return null;
  return {
    until: row.until === null ? null : new Date(row.until).toISOString(),
    level: row.level === 'red' ? 'red' : 'amber',
  };
}

/** Puts a snooze in place of what stands there, with its line in the trail. */
export async function keepSnooze(
  ctx: Ctx,
  light: Pick<Light, 'key' | 'accountId' | 'appId'> & { readonly label?: string },
  wanted: KeptSnooze,
  undoOf?: string,
): Promise<{ auditId: string }> {
  const before = await snoozeOf(ctx, light.key);
  const { key, accountId, appId } = light;
  const values = wanted && {
    ...{ light: key, accountId, appId, level: wanted.level, createdAt: ctx.clock.now() },
    until: wanted.until === null ? null : Date.parse(wanted.until),
    createdBy: ctx.actor.kind === 'user' ? ctx.actor.id : null,
  };
  const statement = values
    ? ctx.db.build
        .insertInto('snoozes')
        .values(values)
        .onConflict((on) => on.column('light').doUpdateSet(values))
    : ctx.db.build.deleteFrom('snoozes').where('light', '=', key);
  return audited(
    ctx,
    {
      ...{ action: 'update', type: 'lights', resourceId: key, accountId, appId },
      label: light.label ?? plainLight(light as Light),
      ...{ before: { snooze: before }, requested: { snooze: wanted }, ...(undoOf ? { undoOf } : {}) },
    },
    async (auditId) => ({
      result: { auditId },
      after: { snooze: wanted },
      statements: [statement],
    }),
  );
}
