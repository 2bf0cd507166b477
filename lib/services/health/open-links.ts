import type { DeviceFilter } from '@/lib/format/recruitment';
import type { Ask } from './ask';

/** A public link that is switched on. */
export interface OpenLink {
  readonly accountId: string;
  readonly appId: string;
  /** Of its group. */
  readonly id: string;
  readonly name: string;
  /** Who came by the link, or everybody in the group where that was not counted; null where neither is known. */
  readonly used: number | null;
  /** Whether `used` is everybody in the group: it is no more than that. */
  readonly isAtMost: boolean;
  readonly limit: number | null;
  readonly criteria: readonly DeviceFilter[] | null;
}

/** The public links of external groups that are on. */
export function openLinks(ask: Ask): Promise<readonly OpenLink[]> {
  return ask.once('open links', async () => {
    const rows = await ask.rows('open links', {}, (build, at, isOne) =>
      build
        .selectFrom('betaGroups as t')
        .select(['t.accountId', 't.appId', 't.id', 't.name', 't.testerCount', 't.criteria'])
        .select(['t.publicLinkLimitEnabled', 't.publicLinkLimit'])
        .where('t.publicLinkEnabled', '=', 1)
        .where('t.isInternalGroup', 'is distinct from', 1)
        .$if(isOne, (of) => of.where('t.accountId', '=', at.accountId))
        .orderBy('t.accountId')
        .orderBy('t.id'),
    );
    const counted = await ask.slowly('members by link', () => membersByLink(ask));
    return rows.map(({ publicLinkLimitEnabled, publicLinkLimit, testerCount, criteria, name, ...row }) => {
      // A link's limit is of those who came by it, once every member is known; until then the group's total is the
      // best that can be said.
      const known = counted.get(`${row.accountId} ${row.id}`);
      const isWhole = known !== undefined && known.members >= (known.testerCount ?? Number.POSITIVE_INFINITY);
      return {
        ...{ ...row, name: name ?? 'Unnamed', criteria: filtersOf(criteria) },
        used: isWhole ? known.byLink : testerCount,
        isAtMost: !isWhole,
        limit: publicLinkLimitEnabled === 1 ? publicLinkLimit : null,
      };
    });
  });
}

function filtersOf(criteria: string | null): readonly DeviceFilter[] | null {
  if (criteria === null) return null;
  const { attributes } = JSON.parse(criteria) as {
    attributes?: { deviceFamilyOsVersionFilters?: readonly DeviceFilter[] | null } | null;
  };
  return attributes?.deviceFamilyOsVersionFilters ?? null;
}

/** From which share of the limit on members are counted, and up to how many always: a group may have ten thousand. */
const COUNTED_FROM = 0.5;
const COUNTED_TO = 500;

/** Only links with a limit fill up; of large groups only those are counted that may be half full. */
async function membersByLink(ask: Ask) {
  const rows = await ask.rows('members by link', {}, (build, at, isOne) =>
    build
      .selectFrom('betaGroups as t')
      .select(['t.accountId', 't.id', 't.testerCount'])
      .select(({ fn, selectFrom }) => {
        const members = selectFrom('betaGroupTesters as m')
          .whereRef('m.accountId', '=', 't.accountId')
          .whereRef('m.groupId', '=', 't.id')
          .select(fn.countAll<number>().as('n'));
        const byLink = members.innerJoin('betaTesters as p', (join) =>
          join
            .onRef('p.accountId', '=', 'm.accountId')
            .onRef('p.appId', '=', 'm.appId')
            .onRef('p.id', '=', 'm.testerId')
            .on('p.inviteType', '=', 'PUBLIC_LINK'),
        );
        return [members.$asScalar().$notNull().as('members'), byLink.$asScalar().$notNull().as('byLink')];
      })
      .where('t.publicLinkEnabled', '=', 1)
      .where('t.publicLinkLimitEnabled', '=', 1)
      .where('t.isInternalGroup', 'is distinct from', 1)
      .where((eb) =>
        eb.or([
          eb('t.testerCount', '<=', eb.lit(COUNTED_TO)),
          eb('t.testerCount', '>=', eb(eb.ref('t.publicLinkLimit'), '*', eb.lit(COUNTED_FROM))),
        ]),
      )
      .$if(isOne, (of) => of.where('t.accountId', '=', at.accountId)),
  );
  return new Map(rows.map((row) => [`${row.accountId} ${row.id}`, row]));
}
