import type { Resource } from '../engine/resource';
import type { World } from '../engine/world';
import { PACE } from '../life/pace';
import { detailOf, isExternallyTestable, isInternallyTestable } from './build-state';

const SETTLED = new Set(['ACCEPTED', 'INSTALLED']);

/** The user of the team behind an address, if there is one who sees the app. */
export function memberFor(world: World, email: unknown, appId: string): Resource | undefined {
  if (typeof email !== 'string') return undefined;
  const wanted = email.toLowerCase();
  for (const user of world.store.all('users').values()) {
    if (String(user.attributes.username).toLowerCase() !== wanted) continue;
    const sees = user.attributes.allAppsVisible === true || world.store.isRelated(user, 'visibleApps', appId);
    return sees ? user : undefined;
  }
  return undefined;
}

export function isInternal(group: Resource): boolean {
  return group.attributes.isInternalGroup === true;
}

/** Builds a tester could install now, through groups or assigned one by one. */
export function installableBuilds(world: World, tester: Resource): Resource[] {
  const found = new Set<Resource>();
  for (const group of world.store.related(tester, 'betaGroups')) {
    const isReady = isInternal(group) ? isInternallyTestable : isExternallyTestable;
    for (const build of world.store.related(group, 'builds')) if (isReady(world, build)) found.add(build);
  }
  const isMember = memberFor(world, tester.attributes.email, tester.appId ?? '') !== undefined;
  for (const build of world.store.related(tester, 'builds'))
    if (isExternallyTestable(world, build) || (isMember && isInternallyTestable(world, build)))
      found.add(build);
  return [...found];
}

/** Sends the invitation e-mail and lets the tester think about it. */
export function invite(world: World, tester: Resource): void {
  const { email, state } = tester.attributes;
  if (typeof email !== 'string' || tester.appId === null) return;
  world.mail.send({
    address: email,
    appId: tester.appId,
    testerId: tester.id,
    kind: 'INVITATION',
    at: world.clock.now(),
  });
  if (SETTLED.has(String(state))) return;
  world.store.update(tester, { state: 'INVITED' });
  world.wake(tester, PACE.accept * (1 + (tester.id.charCodeAt(0) % 8)));
}

/** Invites whoever has not heard of the app yet and now has something to install that notifies by itself. */
export function inviteIfReady(world: World, tester: Resource): void {
  if (tester.attributes.state !== 'NOT_INVITED') return;
  const ready = installableBuilds(world, tester);
  if (ready.some((build) => detailOf(world, build).attributes.autoNotifyEnabled === true))
    invite(world, tester);
}

/** Testers who get a build through groups or one by one. */
export function testersOf(world: World, build: Resource): Map<string, Resource> {
  const testers = new Map<string, Resource>();
  for (const group of world.store.related(build, 'betaGroups')) {
    if (!(isInternal(group) ? isInternallyTestable : isExternallyTestable)(world, build)) continue;
    for (const tester of world.store.related(group, 'betaTesters')) testers.set(tester.id, tester);
  }
  for (const tester of world.store.related(build, 'individualTesters')) testers.set(tester.id, tester);
  return testers;
}

/** The testers who get a build once review has approved it: internal ones could have it before. */
export function externalTestersOf(world: World, build: Resource): Resource[] {
  const isReached = (tester: Resource) =>
    world.store.isRelated(build, 'individualTesters', tester.id) ||
    world.store
      .related(tester, 'betaGroups')
      .some((group) => !isInternal(group) && world.store.isRelated(group, 'builds', build.id));
  return [...testersOf(world, build).values()].filter(isReached);
}

/** Tells testers of a build: newcomers are invited, the others get the notice that a build is available. */
export function notifyTesters(
  world: World,
  build: Resource,
  testers: Iterable<Resource> = testersOf(world, build).values(),
): void {
  for (const tester of testers) {
    const { email, state } = tester.attributes;
    if (state === 'NOT_INVITED') invite(world, tester);
    else if (typeof email === 'string' && tester.appId !== null && SETTLED.has(String(state)))
      world.mail.send({
        address: email,
        appId: tester.appId,
        testerId: tester.id,
        kind: 'BUILD_AVAILABLE',
        at: world.clock.now(),
      });
  }
}
