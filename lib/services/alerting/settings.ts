import { z } from 'zod';
import { authorise, type UserActor } from '@/lib/access/policy';
import { announced } from '@/lib/store/feed';
import { shape } from '@/lib/store/shape';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { isTimeZone, type QuietHours } from './quiet';

export type PersonCtx = Ctx & { readonly actor: UserActor };

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time, such as 22:00.');
export const quietBody = z
  .strictObject({
    timeZone: z.string().max(100).refine(isTimeZone, 'Choose a time zone, such as Europe/Berlin.'),
    isQuiet: z.boolean(),
    quietFrom: time,
    quietTo: time,
  })
  .refine(({ isQuiet, quietFrom, quietTo }) => !isQuiet || quietFrom !== quietTo, {
    path: ['quietTo'],
    message: 'Quiet hours end at another time than they begin.',
  });

const stored = shape((build, given: { userId: string }) =>
  build
    .selectFrom('alertSettings')
    .select(['timeZone', 'isQuiet', 'quietFrom', 'quietTo'])
    .where('userId', '=', given.userId),
);

/** A person's quiet hours and time zone; null before they have said any. */
export async function quietHoursOf(db: Ctx['db'], userId: string): Promise<QuietHours | null> {
  const [row] = await db.read(stored({ userId }));
  return row ? { ...row, isQuiet: row.isQuiet === 1 } : null;
}

/** Keeps one's own quiet hours; what waits for the former ones is looked at again. */
export async function saveQuietHours(ctx: PersonCtx, given: z.infer<typeof quietBody>): Promise<QuietHours> {
  authorise(ctx.actor, 'alerts:own');
  const { id: userId, email } = ctx.actor;
  const now = ctx.clock.now();
  const before = await quietHoursOf(ctx.db, userId);
  const columns = { ...given, isQuiet: given.isQuiet ? 1 : 0, updatedAt: now };
  return audited(
    ctx,
    {
      ...{ action: 'update', type: 'alertSettings', resourceId: userId, label: email },
      ...{ before, requested: given },
    },
    async () => ({
      result: given,
      after: given,
      statements: [
        ctx.db.build
          .insertInto('alertSettings')
          .values({ userId, ...columns })
          .onConflict((on) => on.column('userId').doUpdateSet(columns)),
        ctx.db.build
          .updateTable('alertSendings')
          .set({ notBefore: now })
          .where('userId', '=', userId)
          .where('state', '=', 'pending')
          .where('attempts', '=', 0),
        ...announced('alerts', [userId], now),
      ],
    }),
  );
}
