import { deviceReader, type OnDevice } from '@/lib/mirror/devices';
import { shape } from '@/lib/store/shape';
import type { AppFacts } from '../app-facts';
import type { Ctx } from '../ctx';
import { gathered } from '../gathered';

type Place = Pick<AppFacts, 'accountId' | 'appId'>;

/** A build of an app, expired ones too: they may still be on a device. */
export interface KnownBuild {
  readonly id: string;
  readonly version: string | null;
  readonly trainVersion: string | null;
  readonly platform: string | null;
  readonly isExpired: boolean;
  readonly uploadedAt: number;
  readonly isTestedInternally: boolean;
  readonly isTestedExternally: boolean;
}

interface KnownGroup {
  readonly isInternal: boolean;
  readonly hasAllBuilds: boolean;
  readonly buildIds: ReadonlySet<string>;
}

/** What the groups of an app give to whom, builds newest first. */
export interface Reach {
  readonly builds: readonly KnownBuild[];
  readonly groups: ReadonlyMap<string, KnownGroup>;
}

/** A tester with what Apple says is on their devices. */
export interface Person {
  readonly id: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly state: string | null;
  readonly devices: readonly OnDevice[];
  readonly groupIds: readonly string[];
  readonly buildIds: readonly string[];
}

const buildsOfApp = shape((build, given: Place) =>
  build
    .selectFrom('builds')
    .select(['id', 'version', 'trainVersion', 'platform', 'expired', 'uploadedDate'])
    .select(['internalBuildState', 'externalBuildState'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId)
    .orderBy('uploadedDate', (by) => by.desc().nullsLast())
    .orderBy('id'),
);

const groupsOfApp = shape((build, given: Place) =>
  build
    .selectFrom('betaGroups')
    .select(['id', 'isInternalGroup', 'hasAccessToAllBuilds'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId),
);

const givenToGroups = shape((build, given: Place) =>
  build
    .selectFrom('buildGroups')
    .select(['groupId as holder', 'buildId'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId),
);

const givenToTesters = shape((build, given: Place) =>
  build
    .selectFrom('buildTesters')
    .select(['testerId as holder', 'buildId'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId),
);

/** In no order: asked for one, SQLite walks the members of all apps by the index of groups. */
const membersOfApp = shape((build, given: Place) =>
  build
    .selectFrom('betaGroupTesters')
    .select(['testerId', 'groupId'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId),
);

const testersOfApp = shape((build, given: Place) =>
  build
    .selectFrom('betaTesters')
    .select(['id', 'firstName', 'lastName', 'email', 'state', 'appDevices'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId)
    .orderBy('nameLower', (by) => by.asc().nullsLast())
    .orderBy('id'),
);

/** The builds of an app and which of its groups have them. */
export async function reachOf({ db }: Ctx, { accountId, appId }: Place): Promise<Reach> {
  const place = { accountId, appId };
  const byGroup = gathered(await db.read(givenToGroups(place)), ({ holder }) => holder);
  const groups = await db.read(groupsOfApp(place));
  const builds = await db.read(buildsOfApp(place));
  return {
    builds: builds.map(({ expired, uploadedDate, internalBuildState, externalBuildState, ...build }) => ({
      ...build,
      isExpired: expired === 1,
      uploadedAt: uploadedDate === null ? 0 : Date.parse(uploadedDate) || 0,
      isTestedInternally: expired !== 1 && internalBuildState === 'IN_BETA_TESTING',
      isTestedExternally: expired !== 1 && externalBuildState === 'IN_BETA_TESTING',
    })),
    groups: new Map(
      groups.map(({ id, isInternalGroup, hasAccessToAllBuilds }) => [
        id,
        {
          isInternal: isInternalGroup === 1,
          hasAllBuilds: hasAccessToAllBuilds === 1,
          buildIds: new Set(byGroup.get(id)?.map(({ buildId }) => buildId)),
        },
      ]),
    ),
  };
}

/** Everybody who tests an app, by name. */
export async function peopleOf({ db }: Ctx, { accountId, appId }: Place): Promise<Person[]> {
  const place = { accountId, appId };
  const members = gathered(await db.read(membersOfApp(place)), ({ testerId }) => testerId);
  const single = gathered(await db.read(givenToTesters(place)), ({ holder }) => holder);
  const devicesIn = deviceReader();
  return (await db.read(testersOfApp(place))).map(({ appDevices, ...row }) => ({
    ...row,
    devices: devicesIn(appDevices),
    groupIds:
      members
        .get(row.id)
        ?.map(({ groupId }) => groupId)
        .toSorted() ?? [],
    buildIds: single.get(row.id)?.map(({ buildId }) => buildId) ?? [],
  }));
}
