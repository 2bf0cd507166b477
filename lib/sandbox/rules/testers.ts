import { attributeRefusal, relationshipRefusal, stateRefusal } from '../checks/refusal';
import type { Resource } from '../engine/resource';
import { type Draft, insertNew, type LinkRules, type TypeRules, type World } from '../engine/world';
import { installableBuilds, invite, inviteIfReady, isInternal, memberFor } from './access';
import { cannotAssign, checkRoom } from './group-testers';
import { checkEmail } from './text';

const MAX_NAME = 255;

interface Wish {
  appId: string;
  groups: Resource[];
  builds: Resource[];
}

function checkNames({ attributes }: Draft): void {
  for (const name of ['firstName', 'lastName', 'email'])
    if (String(attributes[name] ?? '').length > MAX_NAME)
      throw attributeRefusal(name, 'INVALID.TOO_LONG', `${name} may have at most ${MAX_NAME} characters`);
  checkEmail('email', attributes.email);
}

/** A tester is made for one app, through groups or through builds, never both. */
function wishOf(world: World, { relationships }: Draft): Wish {
  const groups = (relationships.betaGroups ?? []).flatMap((id) => world.store.get('betaGroups', id) ?? []);
  const builds = (relationships.builds ?? []).flatMap((id) => world.store.get('builds', id) ?? []);
  if (groups.length > 0 && builds.length > 0)
    throw relationshipRefusal(
      'builds',
      'INVALID',
      'Only one relationship should be included when creating betaTesters',
    );
  const apps = new Set([...groups, ...builds].map((one) => one.appId));
  const [appId] = apps;
  if (typeof appId !== 'string')
    throw relationshipRefusal(
      'betaGroups',
      'REQUIRED',
      "You must provide a value for 'betaGroups' or 'builds'",
    );
  if (apps.size > 1)
    throw relationshipRefusal('betaGroups', 'INVALID', 'All groups or builds must belong to the same app');
  return { appId, groups, builds };
}

function checkWish(world: World, email: string, { appId, groups, builds }: Wish): void {
  const app = world.store.get('apps', appId);
  const wanted = email.toLowerCase();
  if (app)
    for (const tester of world.store.related(app, 'betaTesters'))
      if (String(tester.attributes.email ?? '').toLowerCase() === wanted) throw cannotAssign();
  const isMember = memberFor(world, email, appId) !== undefined;
  for (const group of groups) {
    if (isInternal(group) && !isMember) throw cannotAssign();
    checkRoom(world, group, 1);
  }
  for (const build of builds) checkBuild(world, build, email);
}

function checkBuild(world: World, build: Resource, email: unknown): void {
  const isInternalOnly = build.attributes.buildAudienceType === 'INTERNAL_ONLY';
  if (isInternalOnly && memberFor(world, email, build.appId ?? '') === undefined) throw cannotAssign();
  if (build.attributes.expired === true)
    throw stateRefusal('ENTITY_STATE_INVALID', 'Tester(s) cannot be assigned: the build has expired');
}

export const testerRules: TypeRules = {
  create(world, draft) {
    checkNames(draft);
    const wish = wishOf(world, draft);
    checkWish(world, String(draft.attributes.email), wish);
    return insertNew(
      world,
      'betaTesters',
      wish.appId,
      {
        firstName: draft.attributes.firstName ?? null,
        lastName: draft.attributes.lastName ?? null,
        email: draft.attributes.email,
        inviteType: 'EMAIL',
        state: 'NOT_INVITED',
        appDevices: [],
      },
      {
        apps: [wish.appId],
        betaGroups: wish.groups.map((group) => group.id),
        builds: wish.builds.map((build) => build.id),
      },
    );
  },
  created: (world, tester) => inviteIfReady(world, tester),
  remove(world, tester) {
    removeLater(world, [tester]);
    return true;
  },
};

/** Removal is queued: the row goes when the settings say so, which is at once by default. */
function removeLater(world: World, testers: readonly Resource[]): void {
  world.later(world.settings.removalDelayMs, () => {
    for (const tester of testers) if (world.store.peek(tester.type, tester.id)) world.store.remove(tester);
  });
}

/** A tester belongs to one app, so leaving it is leaving altogether. */
export const testerAppRules: LinkRules = {
  remove(world, edges) {
    for (const { owner, target } of edges)
      if (owner.appId !== target.id)
        throw relationshipRefusal(
          'betaTesters',
          'INVALID',
          `The tester '${owner.id}' does not test this app`,
        );
    removeLater(
      world,
      edges.map((edge) => edge.owner),
    );
    return true;
  },
};

/** Access to single builds, named from the tester. */
export const testerBuildRules: LinkRules = {
  add(world, edges) {
    for (const { owner: tester, target: build } of edges) {
      if (tester.appId !== build.appId) throw cannotAssign();
      checkBuild(world, build, tester.attributes.email);
    }
  },
  added(world, edges) {
    for (const { owner: tester } of edges) inviteIfReady(world, tester);
  },
};

/** Invitation e-mails: first ones, and again ones. They leave no resource behind. */
export const invitationRules: TypeRules = {
  create(world, draft) {
    const appId = draft.relationships.app?.[0] ?? '';
    const testerId = draft.relationships.betaTester?.[0];
    if (testerId === undefined)
      throw relationshipRefusal('betaTester', 'REQUIRED', "You must provide a value for 'betaTester'");
    const tester = world.store.get('betaTesters', testerId);
    if (!tester || tester.appId !== appId)
      throw relationshipRefusal('betaTester', 'INVALID', 'The tester does not test this app');
    resend(world, tester);
    const id = world.ids.fresh('betaTesterInvitations', () => false);
    return { type: 'betaTesterInvitations', id, appId, attributes: {}, relationships: {} };
  },
};

function resend(world: World, tester: Resource): void {
  const { state } = tester.attributes;
  if (state === 'ACCEPTED' || state === 'INSTALLED')
    throw stateRefusal('TESTER_INVITE.ALREADY_ACCEPTED', 'The tester has already accepted the invite.');
  if (installableBuilds(world, tester).length === 0)
    throw stateRefusal(
      'TESTER_INVITE.NO_INSTALLABLE_BUILDS',
      'There are no installable builds for this tester.',
    );
  invite(world, tester);
}
