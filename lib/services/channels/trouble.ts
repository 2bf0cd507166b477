import { can, ROLES } from '@/lib/access/policy';
import { announced } from '@/lib/store/feed';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';
import type { Ctx } from '../ctx';

/** A channel that fails at present. */
export interface Trouble {
  /** `mail`, `mail/<person>` or `connector/<id>` */
  readonly channel: string;
  readonly since: number;
  readonly at: number;
  readonly trouble: string;
}

const all = shape((build) =>
  build.selectFrom('channelTroubles').selectAll().orderBy('channel').$castTo<Trouble>(),
);

/** Every channel that fails at present. */
export function troubles(db: Ctx['db']): Promise<readonly Trouble[]> {
  return db.read(all({}));
}

const PAGE = '/settings/channels';

/**
 * Notes that a channel fails, and tells whoever can mend it by the bell: once, until it has worked again.
 * @param name what people call the channel
 * @param only the person whose own channel it is; else everybody who may change channels
 */
export async function failing(
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
  { channel, name, trouble }: { readonly channel: string; readonly name: string; readonly trouble: string },
  only?: string,
): Promise<Write[]> {
  const now = clock.now();
  const known = (await troubles(db)).find((one) => one.channel === channel);
  const noted = db.build
    .insertInto('channelTroubles')
    .values({ channel, since: now, at: now, trouble })
    .onConflict((on) => on.column('channel').doUpdateSet({ at: now, trouble }));
  if (known) return [noted];
  const people = only === undefined ? await ableToMend(db) : [{ id: only }];
  if (people.length === 0) return [noted];
  const notices = people.map(({ id: userId }) => ({
    ...{ id: `channel/${channel}/${now}/${userId}`, userId, kind: 'channel', createdAt: now },
    ...{ words: `${name} does not work: ${trouble}`, path: only === undefined ? PAGE : '/settings/alerts' },
  }));
  return [
    noted,
    db.build
      .insertInto('notices')
      .values(notices)
      .onConflict((on) => on.column('id').doNothing()),
    ...announced('notices', [channel], now),
  ];
}

/** A channel works again. */
export function working(db: Ctx['db'], channel: string): Write {
  return db.build.deleteFrom('channelTroubles').where('channel', '=', channel);
}

function ableToMend(db: Ctx['db']): Promise<readonly { readonly id: string }[]> {
  const roles = ROLES.filter((role) => can(role, 'settings:write'));
  return db.read(
    db.build.selectFrom('users').select('id').where('role', 'in', roles).where('disabledAt', 'is', null),
  );
}
