import { attributeRefusal, Refusal, relationshipRefusal, stateRefusal } from '../checks/refusal';
import { uuidFrom } from '../engine/ids';
import type { Resource } from '../engine/resource';
import { type Draft, type Edge, insertNew, type TypeRules, type World } from '../engine/world';
import { isInternal } from './access';
import { isExternallyTestable } from './build-state';
import { groupBuildRules } from './group-builds';
import { groupTesterRules } from './group-testers';
import { checkPresent, withoutNulls } from './text';

const MAX_NAME = 255;
const MAX_LINK = 10_000;
const LINK_ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';

function groupsOf(world: World, appId: string | null): Resource[] {
  const app = appId === null ? undefined : world.store.get('apps', appId);
  return app ? world.store.related(app, 'betaGroups') : [];
}

function checkName(world: World, appId: string | null, name: unknown, selfId: string | null): void {
  checkPresent('name', name);
  if (String(name).length > MAX_NAME)
    throw attributeRefusal('name', 'INVALID.TOO_LONG', `The name may have at most ${MAX_NAME} characters`);
  const isTaken = groupsOf(world, appId).some(
    (group) => group.id !== selfId && group.attributes.name === name,
  );
  if (isTaken)
    throw attributeRefusal(
      'name',
      'INVALID.DUPLICATE',
      `A beta group named '${String(name)}' exists already`,
    );
}

/** Public links belong to external groups; a limit lies between 1 and 10,000. */
function checkLink(
  isInternalGroup: boolean,
  after: Record<string, unknown>,
  given: Record<string, unknown>,
): void {
  const linkNames = ['publicLinkEnabled', 'publicLinkLimitEnabled', 'publicLinkLimit'] as const;
  for (const name of linkNames)
    if (isInternalGroup && given[name] !== undefined && given[name] !== null && given[name] !== false)
      throw attributeRefusal(name, 'INVALID', 'Internal groups cannot have a public link');
  const limit = after.publicLinkLimit;
  if (typeof limit === 'number' && (limit < 1 || limit > MAX_LINK))
    throw attributeRefusal('publicLinkLimit', 'INVALID', `The limit must be between 1 and ${MAX_LINK}`);
  if (after.publicLinkLimitEnabled === true && typeof limit !== 'number')
    throw attributeRefusal('publicLinkLimit', 'REQUIRED', 'A limit is needed when the limit is enabled');
}

function checkHasApprovedBuild(world: World, builds: readonly Resource[]): void {
  if (!builds.some((build) => isExternallyTestable(world, build)))
    throw stateRefusal(
      'ENTITY_STATE_INVALID',
      'The public link cannot be enabled before the group has an approved build',
    );
}

function linkIdFor(group: Resource): string {
  const hex = uuidFrom('link', group.id).replaceAll('-', '');
  return Array.from({ length: 8 }, (_, index) => {
    const at = Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16) % LINK_ALPHABET.length;
    return LINK_ALPHABET.charAt(at);
  }).join('');
}

/** The address appears with the first switch-on; its id stays when the link is off. */
function linkAttributes(group: Resource, enabled: boolean): Record<string, unknown> {
  const publicLinkId = group.attributes.publicLinkId ?? (enabled ? linkIdFor(group) : null);
  return {
    publicLinkId,
    publicLink: enabled ? `https://testflight.apple.com/join/${String(publicLinkId)}` : null,
  };
}

function create(world: World, draft: Draft): Resource {
  const given = withoutNulls(draft.attributes);
  const appId = draft.relationships.app?.[0] ?? null;
  const isInternalGroup = given.isInternalGroup === true;
  checkName(world, appId, given.name, null);
  if (!isInternalGroup && given.hasAccessToAllBuilds === true)
    throw attributeRefusal(
      'hasAccessToAllBuilds',
      'INVALID',
      'Only internal groups can have access to all builds',
    );
  if (!isInternalGroup && !groupsOf(world, appId).some(isInternal))
    throw stateRefusal('ENTITY_STATE_INVALID', 'An internal group is needed before the first external one');
  const attributes = {
    createdDate: world.clock.iso(),
    isInternalGroup,
    hasAccessToAllBuilds: false,
    publicLinkEnabled: isInternalGroup ? null : false,
    publicLinkId: null,
    publicLinkLimitEnabled: isInternalGroup ? null : false,
    publicLinkLimit: null,
    publicLink: null,
    feedbackEnabled: true,
    iosBuildsAvailableForAppleSiliconMac: true,
    iosBuildsAvailableForAppleVision: true,
    ...given,
  };
  checkLink(isInternalGroup, attributes, given);
  const buildIds = draft.relationships.builds ?? [];
  const builds = buildIds.flatMap((id) => world.store.get('builds', id) ?? []);
  if (given.publicLinkEnabled === true) checkHasApprovedBuild(world, builds);
  const group = insertNew(world, 'betaGroups', appId, attributes, { app: appId });
  fill(world, group, builds, draft.relationships.betaTesters ?? []);
  if (given.publicLinkEnabled === true) world.store.update(group, linkAttributes(group, true));
  return group;
}

/** Members and builds named on creation obey the same rules as those added later; a refusal undoes the group. */
function fill(
  world: World,
  group: Resource,
  builds: readonly Resource[],
  testerIds: readonly string[],
): void {
  const testers = testerIds.flatMap((id) => world.store.get('betaTesters', id) ?? []);
  const buildEdges: Edge[] = builds.map((target) => ({ owner: group, target }));
  const testerEdges: Edge[] = testers.map((owner) => ({ owner, target: group }));
  try {
    groupBuildRules.add?.(world, buildEdges);
    groupTesterRules.add?.(world, testerEdges);
  } catch (error) {
    world.store.remove(group);
    if (error instanceof Refusal) throw error;
    throw relationshipRefusal('builds', 'INVALID', String(error));
  }
  world.store.link(
    group,
    'builds',
    builds.map((build) => build.id),
  );
  world.store.link(group, 'betaTesters', testerIds);
  groupBuildRules.added?.(world, buildEdges);
  groupTesterRules.added?.(world, testerEdges);
}

export const groupRules: TypeRules = {
  create,
  update(world, group, changes) {
    const given = withoutNulls(changes);
    if (given.name !== undefined) checkName(world, group.appId, given.name, group.id);
    const after = { ...group.attributes, ...given };
    checkLink(isInternal(group), after, given);
    if (given.publicLinkEnabled === undefined) return given;
    const enabled = given.publicLinkEnabled === true;
    if (enabled && group.attributes.publicLinkEnabled !== true)
      checkHasApprovedBuild(world, world.store.related(group, 'builds'));
    return isInternal(group) ? given : { ...given, ...linkAttributes(group, enabled) };
  },
};
