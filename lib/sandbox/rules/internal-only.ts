import type { Body, BodyResource, Identifier } from '../checks/body-check';
import { forbidden } from '../checks/refusal';
import type { Resource } from '../engine/resource';
import type { Store } from '../engine/store';
import { isInternal } from './access';

/** Every group and tester that a write touches: the one in its path, and those its body names. */
function touched(store: Store, parent: Resource | null, body: Body | null): Resource[] {
  const data = body === null ? [] : Array.isArray(body.data) ? body.data : [body.data];
  const named = data.flatMap((one: BodyResource | Identifier): Identifier[] => {
    const relationships = 'relationships' in one ? Object.values(one.relationships ?? {}) : [];
    const linked = relationships.flatMap((relationship) => relationship.data ?? []);
    return one.id === undefined ? linked : [{ type: one.type, id: one.id }, ...linked];
  });
  const found = named.flatMap(({ type, id }) => store.get(type, id, parent?.appId ?? null) ?? []);
  return parent === null ? found : [parent, ...found];
}

function isOutside(store: Store, resource: Resource): boolean {
  if (resource.type === 'betaGroups') return !isInternal(resource);
  if (resource.type !== 'betaTesters') return false;
  return store.related(resource, 'betaGroups').some((group) => !isInternal(group));
}

/** Whether a new group or tester would be an external one. */
function isMadeOutside(parent: Resource | null, body: Body | null): boolean {
  if (parent !== null || body === null || Array.isArray(body.data)) return false;
  const { type, attributes, relationships } = body.data as BodyResource;
  if (type === 'betaGroups') return attributes?.isInternalGroup !== true;
  return type === 'betaTesters' && relationships?.betaGroups === undefined;
}

/** Holds a key below App Manager to internal groups and the people in them: 403 for everything else. */
export function checkInternalOnly(store: Store, parent: Resource | null, body: Body | null): void {
  const isForbidden =
    isMadeOutside(parent, body) || touched(store, parent, body).some((one) => isOutside(store, one));
  if (isForbidden) throw forbidden('The API key in use may manage internal groups and testers only');
}
