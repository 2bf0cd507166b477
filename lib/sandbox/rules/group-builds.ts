import { relationshipRefusal, stateRefusal, unprocessable } from '../checks/refusal';
import type { Resource } from '../engine/resource';
import type { Edge, LinkRules, World } from '../engine/world';
import { inviteIfReady, isInternal } from './access';
import { detailOf, externalState, internalState, isInternallyTestable, setStates } from './build-state';

const UNREADY = new Set(['PROCESSING', 'PROCESSING_EXCEPTION', 'MISSING_EXPORT_COMPLIANCE']);

/** The one text App Store Connect has for every reason why an internal group will not take a build. */
function refuseInternal(): never {
  throw unprocessable(
    '',
    'Builds cannot be assigned to this internal group.',
    'Cannot add internal group to a build.',
  );
}

function check(world: World, { owner: group, target: build }: Edge): void {
  if (group.appId !== build.appId)
    throw relationshipRefusal('builds', 'INVALID', 'The build and the group belong to different apps');
  if (isInternal(group)) {
    if (group.attributes.hasAccessToAllBuilds === true) refuseInternal();
    if (UNREADY.has(internalState(world, build))) refuseInternal();
  } else {
    if (build.attributes.buildAudienceType === 'INTERNAL_ONLY')
      throw unprocessable(
        '',
        'The build cannot be used for external testing.',
        'Build is for internal testing only.',
      );
    if (UNREADY.has(externalState(world, build)))
      throw stateRefusal('ENTITY_STATE_INVALID', 'Build is not in an externally testable state.');
  }
  if (build.attributes.expired === true) throw stateRefusal('ENTITY_STATE_INVALID', 'The build has expired');
}

/** A build that may be tested is in testing from the moment somebody has it. */
export function startTesting(world: World, build: Resource, groups: readonly Resource[]): void {
  const autoNotify = detailOf(world, build).attributes.autoNotifyEnabled === true;
  if (groups.some(isInternal) && internalState(world, build) === 'READY_FOR_BETA_TESTING')
    setStates(world, build, { internal: 'IN_BETA_TESTING' });
  const external = externalState(world, build);
  const isWaiting = external === 'BETA_APPROVED' || external === 'READY_FOR_BETA_TESTING';
  if (autoNotify && isWaiting && groups.some((group) => !isInternal(group)))
    setStates(world, build, { external: 'IN_BETA_TESTING' });
}

/** Conditions on giving builds to groups, named from the group. */
export const groupBuildRules: LinkRules = {
  add(world, edges) {
    for (const edge of edges) check(world, edge);
  },
  added(world, edges) {
    for (const { owner: group, target: build } of edges) {
      startTesting(world, build, [group]);
      for (const tester of world.store.related(group, 'betaTesters')) inviteIfReady(world, tester);
    }
  },
};

/** Gives a build to the internal groups that get every build. */
export function giveToAllBuildsGroups(world: World, build: Resource): void {
  const app = build.appId === null ? undefined : world.store.get('apps', build.appId);
  if (!app || !isInternallyTestable(world, build)) return;
  for (const group of world.store.related(app, 'betaGroups')) {
    if (!isInternal(group) || group.attributes.hasAccessToAllBuilds !== true) continue;
    world.store.link(group, 'builds', [build.id]);
    groupBuildRules.added?.(world, [{ owner: group, target: build }]);
  }
}
