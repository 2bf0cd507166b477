import { z } from 'zod';
import { maskEmail } from '@/lib/access/mask';
import { authorise, may, type UserActor } from '@/lib/access/policy';
import { announced } from '@/lib/store/feed';
import { shape } from '@/lib/store/shape';
import type { Ctx } from './ctx';

type PersonCtx = Ctx & { readonly actor: UserActor };

/** How long somebody is there after the last sign of life, ms; a tab gives one twice in this time. */
const HERE_MS = 25_000;
/** Rows older than this are taken away by whoever comes next, ms. */
const KEPT_MS = 300_000;

const id = z.string().min(1).max(200);
export const presenceBody = z.strictObject({
  issueId: id,
  /** The tab's own word for itself. */
  place: id,
  isHere: z.boolean(),
});

/** Somebody who looks at the same issue. */
export interface Present {
  readonly id: string;
  readonly name: string;
}

/** Says that who asks looks at an issue, or not any more; gives who else does. */
export async function bePresent(
  ctx: PersonCtx,
  { issueId, place, isHere }: z.infer<typeof presenceBody>,
): Promise<readonly Present[]> {
  authorise(ctx.actor, 'feedback:read');
  const { db } = ctx;
  const now = ctx.clock.now();
  const key = { issueId, place, userId: ctx.actor.id };
  const known = await db.read(places({ ...key, since: now - HERE_MS }));
  // Signs of life are no news; coming and going is.
  const isNews = (known.length === 0) === isHere;
  await db.write([
    isHere ? here({ ...key, now }) : left(key),
    ...(isNews ? [old({ before: now - KEPT_MS }), ...announced('presence', [issueId], now)] : []),
  ]);
  return isHere ? othersAt(ctx, issueId) : [];
}

/** Who else looks at an issue at this moment, by name. */
export async function othersAt(ctx: PersonCtx, issueId: string): Promise<readonly Present[]> {
  authorise(ctx.actor, 'feedback:read');
  const isPlain = may(ctx.actor, 'testers:identify');
  const rows = await ctx.db.read(others({ issueId, userId: ctx.actor.id, since: ctx.clock.now() - HERE_MS }));
  return rows.map((row) => ({
    id: row.id,
    name: row.name || (isPlain ? row.email : maskEmail(row.email)),
  }));
}

interface Key {
  readonly issueId: string;
  readonly userId: string;
  readonly place: string;
}
const places = shape((build, given: Key & { since: number }) =>
  build
    .selectFrom('presence')
    .select('place')
    .where('issueId', '=', given.issueId)
    .where('userId', '=', given.userId)
    .where('place', '=', given.place)
    .where('seenAt', '>', given.since),
);
const here = shape((build, given: Key & { now: number }) =>
  build
    .insertInto('presence')
    .values({ issueId: given.issueId, userId: given.userId, place: given.place, seenAt: given.now })
    .onConflict((conflict) =>
      conflict.columns(['issueId', 'userId', 'place']).doUpdateSet({ seenAt: given.now }),
    ),
);
const left = shape((build, given: Key) =>
  build
    .deleteFrom('presence')
    .where('issueId', '=', given.issueId)
    .where('userId', '=', given.userId)
    .where('place', '=', given.place),
);
const old = shape((build, given: { before: number }) =>
  build.deleteFrom('presence').where('seenAt', '<', given.before),
);
const others = shape((build, given: { issueId: string; userId: string; since: number }) =>
  build
    .selectFrom('presence as p')
    .innerJoin('users as u', 'u.id', 'p.userId')
    .select(['u.id', 'u.name', 'u.email'])
    .distinct()
    .where('p.issueId', '=', given.issueId)
    .where('p.userId', '<>', given.userId)
    .where('p.seenAt', '>', given.since)
    .where('u.disabledAt', 'is', null)
    .orderBy('u.name')
    .orderBy('u.id')
    .limit(20),
);
