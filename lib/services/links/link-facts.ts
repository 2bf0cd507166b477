import { buildWords } from '@/lib/format/builds';
import { shape } from '@/lib/store/shape';
import { externalTesterCount } from '../app-facts';
import type { Ctx } from '../ctx';
import type { BuildFact, LinkFacts } from './doctor';
import { type DayCount, type Forecast, forecastLimit } from './forecast';
import type { LinkDay } from './link-days';

/** A group as the mirror's list gives it, as far as its link is concerned. */
export interface LinkGroup {
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** How many places of a link are taken, and of how many; null where it is not known or there is no limit. */
export interface Fill {
  readonly used: number | null;
  readonly limit: number | null;
}

/** Only who came by the link counts against its limit; where that is not known, everybody in the group is shown. */
export function fillOf({ attributes, meta }: LinkGroup): Fill {
  const hasLimit = attributes.publicLinkLimitEnabled === true;
  return {
    used: numberOf(meta.linkTesterCount) ?? numberOf(meta.testerCount),
    limit: hasLimit ? numberOf(attributes.publicLinkLimit) : null,
  };
}

/** When the places run out, by how the link was accepted day by day; null without a limit or a count. */
export function forecastOf({ used, limit }: Fill, days: readonly LinkDay[], now: number): Forecast | null {
  if (used === null || limit === null) return null;
  const accepted = days.flatMap(({ day, acceptedCount }) =>
    acceptedCount === null ? [] : [{ day, count: acceptedCount }],
  );
  // People also leave: the curve of those who joined is shifted so that it ends at today's count.
  const shift = used - (accepted.at(-1)?.count ?? 0);
  const counts: DayCount[] = accepted.map(({ day, count }) => ({ day, count: count + shift }));
  return forecastLimit(counts, used, limit, now);
}

/** Everything the link doctor wants to know of a group. */
export async function linkFacts(
  ctx: Ctx,
  group: LinkGroup,
  { forecast, hasCompatibleBuild }: Pick<LinkFacts, 'forecast' | 'hasCompatibleBuild'>,
): Promise<LinkFacts> {
  const { attributes, meta } = group;
  const accountId = String(meta.accountId);
  const appId = String(meta.appId);
  const criteria = meta.criteria as
    | { deviceFamilyOsVersionFilters?: LinkFacts['criteria'] }
    | null
    | undefined;
  return {
    group: {
      id: group.id,
      name: typeof attributes.name === 'string' ? attributes.name : 'Unnamed',
      isInternalGroup: flag(attributes.isInternalGroup),
      publicLinkEnabled: flag(attributes.publicLinkEnabled),
      publicLinkLimitEnabled: flag(attributes.publicLinkLimitEnabled),
      publicLinkLimit: numberOf(attributes.publicLinkLimit),
      testerCount: numberOf(meta.testerCount),
      linkTesterCount: numberOf(meta.linkTesterCount),
    },
    builds: await buildsOf(ctx, accountId, group.id),
    criteria: criteria?.deviceFamilyOsVersionFilters ?? null,
    hasCompatibleBuild,
    externalTesterCount: await externalTesterCount(ctx, { accountId, appId }),
    forecast,
    now: ctx.clock.now(),
  };
}

const buildsOfGroup = shape((build, given: { accountId: string; groupId: string }) =>
  build
    .selectFrom('buildGroups as m')
    .innerJoin('builds as b', (join) =>
      join.onRef('b.accountId', '=', 'm.accountId').onRef('b.id', '=', 'm.buildId'),
    )
    .select(['b.id', 'b.version', 'b.trainVersion', 'b.platform', 'b.externalBuildState', 'b.expired'])
    .select('b.expirationDate')
    .where('m.accountId', '=', given.accountId)
    .where('m.groupId', '=', given.groupId)
    .orderBy('b.uploadedDate', (by) => by.desc().nullsLast()),
);

async function buildsOf({ db }: Ctx, accountId: string, groupId: string): Promise<BuildFact[]> {
  const rows = await db.read(buildsOfGroup({ accountId, groupId }));
  return rows.map(({ id, version, trainVersion, platform, externalBuildState, expired, expirationDate }) => ({
    id,
    label: buildWords({ version, trainVersion, platform }),
    externalBuildState,
    expired: expired === null ? null : expired === 1,
    expirationDate,
  }));
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function flag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}
