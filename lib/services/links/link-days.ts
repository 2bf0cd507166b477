import { LINK_FIGURES, type LinkFigures } from '@/lib/history/days';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';

/** The figures of a link as they stood on a UTC day, `YYYY-MM-DD`: counts over its life, shares from 0 to 1. */
export interface LinkDay extends LinkFigures {
  readonly day: string;
}

export interface LinkPlace {
  readonly accountId: string;
  readonly groupId: string;
}

/** The kept days of a link, oldest first, at most `most` of the newest. */
export async function readLinkDays(
  db: Pick<Store, 'read' | 'build'>,
  { accountId, groupId }: LinkPlace,
  most: number,
): Promise<LinkDay[]> {
  const newestFirst = await db.read(
    db.build
      .selectFrom('linkDays')
      .select(['day', ...LINK_FIGURES])
      .where('accountId', '=', accountId)
      .where('groupId', '=', groupId)
      .orderBy('day', 'desc')
      .limit(most),
  );
  return newestFirst.reverse();
}

const sinceDay = forms();

/** The kept days since a day of every open link that has a limit, oldest first, by `<account> <group>`. */
export async function readDaysOfLimitedLinks(
  db: Pick<Store, 'read'>,
  { accountId, since }: { readonly accountId: string | undefined; readonly since: string },
): Promise<ReadonlyMap<string, readonly LinkDay[]>> {
  const isOne = accountId !== undefined;
  const rows = await db.read(
    sinceDay(String(isOne), { accountId: accountId ?? '', since }, (build, at) =>
      build
        .selectFrom('betaGroups as g')
        .innerJoin('linkDays as d', (join) =>
          join.onRef('d.accountId', '=', 'g.accountId').onRef('d.groupId', '=', 'g.id'),
        )
        .select(['d.accountId', 'd.groupId', 'd.day'])
        .select(LINK_FIGURES.map((name) => `d.${name}` as const))
        .where('g.publicLinkEnabled', '=', 1)
        .where('g.publicLinkLimitEnabled', '=', 1)
        .where('d.day', '>=', at.since)
        .$if(isOne, (of) => of.where('g.accountId', '=', at.accountId))
        .orderBy('d.day'),
    ),
  );
  const found = new Map<string, LinkDay[]>();
  for (const { accountId: account, groupId, ...day } of rows) {
    const days = found.get(`${account} ${groupId}`) ?? [];
    found.set(`${account} ${groupId}`, days);
    days.push(day);
  }
  return found;
}

/** `YYYY-MM-DD` of an instant in ms since 1970. */
export function utcDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
