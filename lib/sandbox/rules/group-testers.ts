import { type Refusal, stateRefusal } from '../checks/refusal';
import type { Resource } from '../engine/resource';
import type { Edge, LinkRules, World } from '../engine/world';
import { inviteIfReady, isInternal, memberFor } from './access';

const MAX_INTERNAL = 100;
const MAX_EXTERNAL = 10_000;

/** The answer the service has for every assignment of people it will not make. */
export function cannotAssign(): Refusal {
  return stateRefusal('', 'Tester(s) cannot be assigned');
}

/** Distinct testers of an app in groups of one kind. */
function countKind(world: World, appId: string, internal: boolean): number {
  const app = world.store.get('apps', appId);
  const ids = new Set<string>();
  for (const group of app ? world.store.related(app, 'betaGroups') : [])
    if (isInternal(group) === internal)
      for (const id of world.store.relatedIds(group, 'betaTesters')) ids.add(id);
  return ids.size;
}

/** Refuses to take `more` people into a group beyond what an app may have. */
export function checkRoom(world: World, group: Resource, more: number): void {
  const app = group.appId === null ? undefined : world.store.get('apps', group.appId);
  if (!app) return;
  const limit = isInternal(group) ? MAX_INTERNAL : MAX_EXTERNAL;
  if (world.store.relatedCount(app, 'betaTesters') + more <= limit) return;
  if (countKind(world, app.id, isInternal(group)) + more > limit)
    throw stateRefusal(
      'TESTER_LIMIT_EXCEEDED',
      `An app can have at most ${limit} ${isInternal(group) ? 'internal' : 'external'} testers`,
    );
}

function check(world: World, { owner: tester, target: group }: Edge): void {
  if (tester.appId !== group.appId) throw cannotAssign();
  if (world.store.isRelated(tester, 'betaGroups', group.id)) throw cannotAssign();
  if (isInternal(group) && !memberFor(world, tester.attributes.email, group.appId ?? ''))
    throw cannotAssign();
}

/** Conditions on taking testers into groups, named from the tester. */
export const groupTesterRules: LinkRules = {
  add(world, edges) {
    const perGroup = new Map<Resource, number>();
    for (const edge of edges) {
      check(world, edge);
      perGroup.set(edge.target, (perGroup.get(edge.target) ?? 0) + 1);
    }
    for (const [group, more] of perGroup) checkRoom(world, group, more);
  },
  added(world, edges) {
    for (const { owner: tester } of edges) {
      if (tester.attributes.state === 'REVOKED') world.store.update(tester, { state: 'NOT_INVITED' });
      inviteIfReady(world, tester);
    }
  },
};
