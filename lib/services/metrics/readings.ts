import { BUILD_FIGURES, type BuildFigures } from '@/lib/history/build-days';
import { LINK_COUNTS } from '@/lib/history/days';
import type { Store } from '@/lib/store/store';

/** Which apps: one of an account, or all of some accounts. */
export interface Scope {
  readonly accountIds: readonly string[];
  readonly appId?: string | undefined;
}

type Asked = Scope & {
  /** UTC days, both among them. */
  readonly since: string;
  readonly until: string;
};

export interface BuildReading extends BuildFigures {
  readonly accountId: string;
  readonly appId: string;
  readonly buildId: string;
  readonly day: string;
  readonly readAt: number;
}

/** The daily readings of builds, oldest first. */
export function buildReadings(
  { read, build }: Pick<Store, 'read' | 'build'>,
  { accountIds, appId, since, until }: Asked,
): Promise<BuildReading[]> {
  return read(
    build
      .selectFrom('buildDays')
      .select(['accountId', 'appId', 'buildId', 'day', 'readAt', ...BUILD_FIGURES])
      .where('accountId', 'in', accountIds)
      .$if(appId !== undefined, (of) => of.where('appId', '=', appId ?? ''))
      .where('day', '>=', since)
      .where('day', '<=', until)
      .orderBy('day'),
  );
}

/** What the mirror says of builds: when they came, and whether they are still read every day. */
export function knownBuilds({ read, build }: Pick<Store, 'read' | 'build'>, { accountIds, appId }: Scope) {
  return read(
    build
      .selectFrom('builds')
      .select(['accountId', 'appId', 'id', 'version', 'trainVersion', 'platform'])
      .select(['uploadedDate', 'expired', 'processingState'])
      .where('accountId', 'in', accountIds)
      .$if(appId !== undefined, (of) => of.where('appId', '=', appId ?? ''))
      .orderBy('uploadedDate', (by) => by.asc().nullsLast())
      .orderBy('id'),
  );
}

/** The daily readings of public links with their groups, oldest first. */
export function linkReadings(
  { read, build }: Pick<Store, 'read' | 'build'>,
  { accountIds, appId, since, until }: Asked,
) {
  return read(
    build
      .selectFrom('linkDays as d')
      .innerJoin('betaGroups as g', (join) =>
        join.onRef('g.accountId', '=', 'd.accountId').onRef('g.id', '=', 'd.groupId'),
      )
      .select(['d.accountId', 'g.appId', 'd.groupId', 'd.day', 'g.name', 'g.createdDate'])
      .select('g.publicLinkEnabled')
      .select(LINK_COUNTS.map((name) => `d.${name}` as const))
      .where('d.accountId', 'in', accountIds)
      .$if(appId !== undefined, (of) => of.where('g.appId', '=', appId ?? ''))
      .where('d.day', '>=', since)
      .where('d.day', '<=', until)
      .orderBy('d.day'),
  );
}

/** Stretches of time as Apple told of them, oldest first, of those that end within some days; of apps that are gone too. */
export function windowsWithin(
  { read, build }: Pick<Store, 'read' | 'build'>,
  { accountIds, appId, since, until }: Asked,
) {
  return read(
    build
      .selectFrom('usageWindows as w')
      .leftJoin('apps as a', (join) =>
        join.onRef('a.accountId', '=', 'w.accountId').onRef('a.id', '=', 'w.appId'),
      )
      .selectAll('w')
      // Null of an app that is gone.
      .select('a.id as knownAs')
      .where('w.accountId', 'in', accountIds)
      .$if(appId !== undefined, (of) => of.where('w.appId', '=', appId ?? ''))
      .where('w.end', '>=', since)
      .where('w.end', '<=', until)
      .orderBy('w.end')
      .orderBy('w.start'),
  );
}
export type WindowRow = Awaited<ReturnType<typeof windowsWithin>>[number];

/** The day of the very first reading of any build. */
export async function firstReading(
  { read, build }: Pick<Store, 'read' | 'build'>,
  { accountIds, appId }: Scope,
): Promise<string | null> {
  const [row] = await read(
    build
      .selectFrom('buildDays')
      .select(({ fn }) => fn.min<string | null>('day').as('day'))
      .where('accountId', 'in', accountIds)
      .$if(appId !== undefined, (of) => of.where('appId', '=', appId ?? '')),
  );
  return row?.day ?? null;
}
