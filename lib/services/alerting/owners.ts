import type { Ctx } from '../ctx';
import { gathered } from '../gathered';
import { quietUntil } from './quiet';
import { closed, type Sending } from './sending-rows';
import { quietHoursOf } from './settings';

/** When somebody may be told of something, ms since 1970: now, or as their quiet hours end; and by which clock. */
async function tellableAt(db: Ctx['db'], userId: string, now: number) {
  const quiet = await quietHoursOf(db, userId);
  return { at: (quiet && quietUntil(quiet, now)) ?? now, timeZone: quiet?.timeZone ?? 'UTC' };
}

/** Each fact once in a channel: where several people want the team told, it is of whoever may be told first. */
export async function eachOnce<Row extends { readonly id: string; readonly userId: string }>(
  db: Ctx['db'],
  rows: readonly Row[],
  now: number,
): Promise<Row[]> {
  const people = new Map<string, number>();
  const facts = [...gathered(rows, ({ id }) => id).values()];
  for (const { userId } of facts.filter(({ length }) => length > 1).flat())
    if (!people.has(userId)) people.set(userId, (await tellableAt(db, userId, now)).at);
  const at = ({ userId }: Row) => people.get(userId) ?? now;
  return facts.flatMap((wanted) => wanted.toSorted((one, other) => at(one) - at(other)).slice(0, 1));
}

/**
 * What may be told in a place now, and by which clock. What its owner's quiet hours hold back waits until they end, and
 * holds back nothing of others.
 */
export async function outOfQuietHours(
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
  rows: readonly Sending[],
  { isWhole }: { readonly isWhole: boolean },
): Promise<{ readonly rows: readonly Sending[]; readonly timeZone: string }> {
  const now = clock.now();
  const owners = await Promise.all(
    [...gathered(rows, ({ userId }) => userId)].map(async ([userId, own]) => ({
      ...{ own, ...(await tellableAt(db, userId, now)) },
    })),
  );
  const first = Math.min(...owners.map(({ at }) => at));
  const timed = owners.map((owner) => (isWhole ? { ...owner, at: first } : owner));
  const waiting = timed.filter(({ at }) => at > now);
  if (waiting.length > 0) await db.write(waiting.map(({ own, at }) => closed(db, own, { notBefore: at })));
  const told = timed.filter(({ at }) => at <= now);
  const [timeZone = 'UTC', ...others] = new Set(told.map((owner) => owner.timeZone));
  return { rows: told.flatMap(({ own }) => own), timeZone: others.length > 0 ? 'UTC' : timeZone };
}
