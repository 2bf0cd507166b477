import { z } from 'zod';
import type { UserActor } from '@/lib/access/policy';
import { appWords } from '@/lib/format/app-address';
import { nextTime } from '@/lib/format/next-time';
import { sharedApps } from '@/lib/mirror/query/holders';
import { audited } from '../audited';
import { hasMailServer } from '../channels/mail-server';
import type { Ctx } from '../ctx';
import { isoOf } from '../resources/shape';
import { nextDigest } from './due';
import type { ChosenApp } from './facts';

const id = z.string().min(1).max(400);
const isZone = (zone: string) => nextTime(`Monday 09:00 ${zone}`, 0) !== null;

export const digestBody = z.strictObject({
  isOn: z.boolean(),
  /** 0 is Sunday. */
  weekday: z.int().min(0, 'Choose a day.').max(6, 'Choose a day.'),
  hour: z.int().min(0, 'Choose an hour.').max(23, 'Choose an hour.'),
  timeZone: z.string().max(100).refine(isZone, 'There is no such time zone.'),
  /** Null is all of them, those that come too. */
  apps: z
    .array(z.strictObject({ accountId: id, appId: id }))
    .min(1, 'Choose at least one app, or all.')
    .max(1_000)
    .nullable(),
});
export type DigestBody = z.infer<typeof digestBody>;

export type OwnCtx = Ctx & { readonly actor: UserActor };

/** One's own digest as the settings show it; instants as ISO text. */
export interface DigestView {
  /** Null before anybody has said anything. */
  readonly settings: DigestBody | null;
  readonly to: string;
  /** Why none can be sent at all, in words; null when it can. */
  readonly whyNot: string | null;
  readonly nextAt: string | null;
  readonly lastAt: string | null;
  /** Why the last one was not sent, in words, and whether it is tried again. */
  readonly trouble: { readonly words: string; readonly isOver: boolean } | null;
  /** The apps there are, by name. */
  readonly choices: readonly (ChosenApp & { readonly name: string })[];
}

const rowOf = (ctx: OwnCtx) => ctx.db.prisma.digest.findUnique({ where: { userId: ctx.actor.id } });
type Row = NonNullable<Awaited<ReturnType<typeof rowOf>>>;

const chosen = z.array(z.tuple([z.string(), z.string()]));

/** The apps that a row names; null is all. */
export function appsOf({ apps }: { readonly apps: string | null }): ChosenApp[] | null {
  if (apps === null) return null;
  return chosen.parse(JSON.parse(apps)).map(([accountId, appId]) => ({ accountId, appId }));
}

const settingsOf = ({ isOn, weekday, hour, timeZone, ...row }: Row): DigestBody => ({
  ...{ isOn, weekday, hour, timeZone, apps: appsOf(row) },
});

/** One's own digest. */
export async function readDigest(ctx: OwnCtx): Promise<DigestView> {
  const row = await rowOf(ctx);
  const canSend = await hasMailServer(ctx.db);
  const next = row?.isOn && canSend ? nextDigest(row, ctx.clock.now(), row.slot) : null;
  return {
    settings: row && settingsOf(row),
    to: ctx.actor.email,
    whyNot: canSend ? null : 'No mail server is set up, so no digest is sent.',
    nextAt: isoOf(next),
    lastAt: isoOf(row?.toldAt ?? null),
    trouble: row?.trouble ? { words: row.trouble, isOver: row.state === 'failed' } : null,
    choices: await appChoices(ctx),
  };
}

async function appChoices({ db }: Ctx) {
  const shared = await sharedApps(db);
  const rows = await db.read(
    db.build
      .selectFrom('apps')
      .select(['accountId', 'id as appId', 'name'])
      .orderBy('name', (by) => by.asc().nullsLast())
      .orderBy('id'),
  );
  return rows.map(({ accountId, appId, name }) => ({
    ...{ accountId, appId },
    name: appWords(name ?? 'Unnamed', shared.get(`${accountId} ${appId}`)),
  }));
}

/** Says when one's own digest comes and of what. What is due now by the new hour comes with the next week. */
export async function saveDigest(ctx: OwnCtx, given: DigestBody): Promise<DigestView> {
  const row = await rowOf(ctx);
  const before = row && settingsOf(row);
  const now = ctx.clock.now();
  const { isOn, weekday, hour, timeZone, apps } = given;
  const isSame =
    row?.isOn && isOn && row.weekday === weekday && row.hour === hour && row.timeZone === timeZone;
  const columns = {
    ...{ isOn: isOn ? 1 : 0, weekday, hour, timeZone, updatedAt: now },
    apps: apps && JSON.stringify(apps.map(({ accountId, appId }) => [accountId, appId])),
    ...(row && isSame ? {} : { since: now, state: 'idle', attempts: 0, mayRepeat: 0, trouble: null }),
  };
  await audited(
    ctx,
    { action: 'update', type: 'digests', resourceId: ctx.actor.id, before, requested: given },
    async () => ({
      result: undefined,
      after: given,
      statements: [
        ctx.db.build
          .insertInto('digests')
          .values({ userId: ctx.actor.id, since: now, ...columns })
          .onConflict((on) => on.column('userId').doUpdateSet(columns)),
      ],
    }),
  );
  return readDigest(ctx);
}
