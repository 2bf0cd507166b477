import type { AppModel } from '../app-model';
import { type BuildModel, isInside, isOutside } from '../builds/builds';
import { uuidSeries } from '../ids';
import { Random } from '../prng';
import type { Seed } from '../types';
import { type Device, drawDevice } from './devices';
import { type GroupModel, looseFrom } from './groups';
import { type Person, personAt, respelled } from './names';

export type TesterState = 'NOT_INVITED' | 'INVITED' | 'ACCEPTED' | 'INSTALLED' | 'REVOKED';

export interface InstalledDevice extends Device {
  build: BuildModel;
}

/** One tester of one app; what the n-th is like does not depend on any other. */
export interface TesterModel {
  n: number;
  id: string;
  person: Person;
  isAnonymous: boolean;
  groups: readonly GroupModel[];
  /** Builds given to this person alone. */
  builds: readonly BuildModel[];
  state: TesterState;
  devices: readonly InstalledDevice[];
}

type Odds = readonly (readonly [TesterState, number])[];

const INSIDE: Odds = [
  ['INSTALLED', 84],
  ['ACCEPTED', 7],
  ['INVITED', 6],
  ['REVOKED', 3],
];
const OUTSIDE: Odds = [
  ['INSTALLED', 60],
  ['ACCEPTED', 12],
  ['INVITED', 23],
  ['REVOKED', 5],
];
const BY_LINK: Odds = [
  ['INSTALLED', 84],
  ['ACCEPTED', 12],
  ['REVOKED', 4],
];

/** Persons 0 to 499 are the team's users; 1,000 to 50,999 test several apps; the rest test one. */
const SHARED_FROM = 1_000;
const SHARED = 50_000;
/** Chosen so that even the small programme has a few of the awkward names. */
const OWN_FROM = 100_023;
const NEXT_FROM = 10_000_000;

/** The groups of the n-th tester: the one whose stretch it is, and now and then another closed one. */
export function groupsOf(model: AppModel, n: number): GroupModel[] {
  const { groups, plan } = model;
  if (n < plan.internalTesters)
    return groups.filter((group) => group.isInternal && (group.index === 0 || n % 2 === 0));
  const own = groups.find((group) => !group.isInternal && n >= group.from && n < group.to);
  if (!own) return [];
  const second = n % 9 === 4 ? groups.find((group) => isClosed(group) && group !== own) : undefined;
  return second && !isAnonymousAt(own, n) ? [own, second] : [own];
}

function isClosed(group: GroupModel): boolean {
  return !group.isInternal && group.link === null;
}

/** People of an open group come by its link, except one in seven. */
function isAnonymousAt(group: GroupModel | undefined, n: number): boolean {
  return group?.link != null && n % 7 !== 3;
}

function personOf(model: AppModel, n: number): Person {
  const key = String(model.options.seed);
  if (n < model.plan.internalTesters) return personAt(key, n);
  const isShared = n % 5 === 2;
  const person = isShared
    ? personAt(key, SHARED_FROM + (n % SHARED))
    : personAt(key, OWN_FROM + model.index * 100_000 + n);
  return n % 115 === 2 && model.index % 2 === 1 ? { ...person, email: respelled(person.email) } : person;
}

/** Builds a tester can install now, oldest first; remembered, since there are few combinations of groups. */
function installable(
  model: AppModel,
  groups: readonly GroupModel[],
  own: readonly BuildModel[],
): readonly BuildModel[] {
  const key = `${groups[0]?.index} ${groups[1]?.index} ${own.length}`;
  const known = model.installable.get(key);
  if (known) return known;
  const inGroups = groups.flatMap((group) => group.builds.filter(group.isInternal ? isInside : isOutside));
  const builds = [...new Set([...inGroups, ...own.filter(isOutside)])].sort((a, b) => a.index - b.index);
  model.installable.set(key, builds);
  return builds;
}

function drawDevices(
  random: Random,
  builds: readonly BuildModel[],
  groups: readonly GroupModel[],
): InstalledDevice[] {
  const count = random.weighted([
    [1, 78],
    [2, 17],
    [3, 5],
  ] as const);
  const range = groups.find((group) => group.criteria)?.criteria;
  const devices: InstalledDevice[] = [];
  for (let i = 0; i < count; i++) {
    // Most people have updated to the newest or the one before.
    const build = random.chance(0.85) ? random.pick(builds.slice(-3)) : random.pick(builds);
    const wanted = build.train.platform === 'IOS' && range ? random.pick(range) : undefined;
    const device = drawDevice(
      random,
      build.train.platform,
      wanted?.minimumOsInclusive ?? build.minimumOs,
      wanted?.deviceFamily,
    );
    if (!devices.some((other) => other.model === device.model)) devices.push({ ...device, build });
  }
  return devices;
}

/** The n-th tester of an app. */
export function testerAt(model: AppModel, n: number): TesterModel {
  const random = new Random(`${model.key}/tester/${n}`);
  const groups = groupsOf(model, n);
  const isLoose = n >= looseFrom(model.plan);
  const shared = isLoose && n % 3 !== 0 ? model.builds.filter(isOutside).slice(-2) : [];
  const builds = installable(model, groups, shared);
  const isAnonymous = isAnonymousAt(groups[0], n);
  const odds = groups[0]?.isInternal ? INSIDE : isAnonymous ? BY_LINK : OUTSIDE;
  const state = builds.length === 0 ? 'NOT_INVITED' : random.weighted(odds);
  return {
    n,
    id: model.testerId(n),
    person: personOf(model, n),
    isAnonymous: isAnonymous && state !== 'NOT_INVITED',
    groups,
    builds: shared,
    state,
    devices: state === 'INSTALLED' ? drawDevices(random, builds, groups) : [],
  };
}

/** A tester as Apple shows one inside its app. */
export function testerSeed(model: AppModel, tester: TesterModel): Seed {
  const { person, isAnonymous } = tester;
  return {
    type: 'betaTesters',
    id: tester.id,
    attributes: {
      firstName: isAnonymous ? 'Anonymous' : person.firstName,
      lastName: isAnonymous ? null : person.lastName,
      email: isAnonymous ? null : person.email,
      inviteType: isAnonymous ? 'PUBLIC_LINK' : 'EMAIL',
      state: tester.state,
      appDevices: tester.devices.map((device) => ({
        model: device.model.identifier,
        platform: device.model.platform,
        osVersion: device.osVersion,
        appBuildVersion: device.build.number,
      })),
    },
    relationships: {
      apps: [model.id],
      betaGroups: tester.groups.map((group) => group.id),
      builds: tester.builds.map((build) => build.id),
    },
  };
}

/** All testers of an app in no telling order (never sorted by group or state). */
export function testerSeeds(model: AppModel): Seed[] {
  const count = model.plan.testers;
  const stride = count % 7919 === 0 ? 7907 : 7919;
  return Array.from({ length: count }, (_, i) =>
    testerSeed(model, testerAt(model, (i * stride + 17) % count)),
  );
}

/** How many testers a group holds, from the layout alone. */
export function countIn(model: AppModel, groupId: string): number {
  let count = 0;
  for (let n = 0; n < model.plan.testers; n++) {
    if (groupsOf(model, n).some((group) => group.id === groupId)) count++;
  }
  return count;
}

/** Who joins n-th after the epoch: accepted but not yet installed, by link unless the group has none. */
export function nextTesterSeed(model: AppModel, groupId: string, n: number): Seed {
  const group = model.groups.find((candidate) => candidate.id === groupId);
  const isAnonymous = !group || group.link !== null;
  const person = personAt(String(model.options.seed), NEXT_FROM + model.index * 100_000 + n);
  return {
    type: 'betaTesters',
    id: uuidSeries(`${model.key}/next-testers/${groupId}`)(n),
    attributes: {
      firstName: isAnonymous ? 'Anonymous' : person.firstName,
      lastName: isAnonymous ? null : person.lastName,
      email: isAnonymous ? null : person.email,
      inviteType: isAnonymous ? 'PUBLIC_LINK' : 'EMAIL',
      state: 'ACCEPTED',
      appDevices: [],
    },
    relationships: { apps: [model.id], betaGroups: [groupId], builds: [] },
  };
}
