import { stateRefusal } from '../checks/refusal';
import type { Resource } from '../engine/resource';
import type { World } from '../engine/world';
import { isExternallyTestable } from '../rules/build-state';
import { meetsCriteria } from '../rules/recruitment';
import { PACE } from './pace';
import type { Device } from './steps';

/** What happened at a public link since the programme's epoch. */
export interface LinkCounts {
  viewCount: number;
  acceptedCount: number;
  didNotAcceptCount: number;
  didNotMeetCriteriaCount: number;
  notRelevant: number;
  notClear: number;
  notInteresting: number;
}

const NO_COUNTS: LinkCounts = {
  viewCount: 0,
  acceptedCount: 0,
  didNotAcceptCount: 0,
  didNotMeetCriteriaCount: 0,
  notRelevant: 0,
  notClear: 0,
  notInteresting: 0,
};

export function linkCounts(group: Resource): LinkCounts {
  return { ...NO_COUNTS, ...(group.attributes.linkCounts as Partial<LinkCounts> | undefined) };
}

/** Adds to a group's funnel. */
export function countVisit(world: World, group: Resource, ...names: readonly (keyof LinkCounts)[]): void {
  const counts = linkCounts(group);
  for (const name of names) counts[name] += 1;
  world.store.update(group, { linkCounts: counts });
}

const FAMILIES: readonly [RegExp, string][] = [
  [/^iPhone/, 'IPHONE'],
  [/^iPad/, 'IPAD'],
  [/^AppleTV/, 'APPLE_TV'],
  [/^Watch/, 'APPLE_WATCH'],
  [/^RealityDevice/, 'VISION'],
];

function familyOf(model: string): string {
  return FAMILIES.find(([pattern]) => pattern.test(model))?.[1] ?? 'MAC';
}

function checkOpen(world: World, group: Resource): void {
  const { publicLinkEnabled, publicLinkLimitEnabled, publicLinkLimit } = group.attributes;
  if (publicLinkEnabled !== true) throw stateRefusal('', 'The public link is switched off');
  if (publicLinkLimitEnabled === true) {
    let joined = 0;
    for (const tester of world.store.related(group, 'betaTesters'))
      if (tester.attributes.inviteType === 'PUBLIC_LINK') joined += 1;
    if (joined >= Number(publicLinkLimit)) throw stateRefusal('', 'The public link has reached its limit');
  }
  if (!world.store.related(group, 'builds').some((build) => isExternallyTestable(world, build)))
    throw stateRefusal('', 'No build of the group can be tested');
}

/** A stranger follows the link and joins; refused for the same reasons as on a real phone. */
export function joinByLink(world: World, group: Resource, n: number, device: Device): Resource {
  if (group.appId === null) throw stateRefusal('', 'The group belongs to no app');
  const app = world.store.get('apps', group.appId);
  countVisit(world, group, 'viewCount');
  checkOpen(world, group);
  if (app && world.store.relatedCount(app, 'betaTesters') >= 10_000)
    throw stateRefusal('', 'The app has all the testers it may have');
  const seed = world.programme.nextTester(group.appId, group.id, n);
  if (!meetsCriteria(world, group, familyOf(device.model), device.osVersion)) {
    countVisit(world, group, 'didNotMeetCriteriaCount');
    throw stateRefusal('', 'The device does not meet the criteria');
  }
  countVisit(world, group, 'acceptedCount');
  const isTaken = (id: string): boolean => world.store.peek('betaTesters', id) !== undefined;
  const tester = world.store.insert({
    type: 'betaTesters',
    id: isTaken(seed.id) ? world.ids.fresh('betaTesters', isTaken) : seed.id,
    appId: group.appId,
    attributes: {
      ...seed.attributes,
      firstName: 'Anonymous',
      lastName: null,
      email: null,
      inviteType: 'PUBLIC_LINK',
      state: 'ACCEPTED',
      appDevices: [],
      joinedWith: device,
    },
    relationships: { apps: [group.appId], betaGroups: [group.id], builds: [] },
  });
  world.wake(tester, PACE.install);
  return tester;
}
