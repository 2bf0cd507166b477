import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { relationshipOf } from '@/lib/asc/operations';
import { formatPlural } from '@/lib/format/numbers';
import { isIdentified, isRecord } from '@/lib/mirror/resource';
import { inApp, link, list, nounOf, type Part, type Told } from './parts';

export function relationshipIn({ type, after, before }: Told): string | undefined {
  for (const value of [after, before]) {
    if (!isRecord(value)) continue;
    if (typeof value.relationship === 'string') return value.relationship;
    // Rows of jobs name it as a member: {"betaTesters":["1"]}.
    const named = Object.keys(value).find(
      (name) => isResourceType(type) && relationshipOf(type as ResourceType, name) !== undefined,
    );
    if (named) return named;
    if ('buildIds' in value) return 'builds';
  }
  return undefined;
}

/** A refused row of a job keeps no outcome: what it was about is in the names. */
export function relationshipByNames({ type, resourceId, names }: Told): string | undefined {
  if (!isResourceType(type)) return undefined;
  const { toMany } = entryOf(type);
  const others = Object.keys(names).filter((ref) => ref !== `${type}/${resourceId}`);
  return Object.keys(toMany).find((name) => others.some((ref) => ref.startsWith(`${toMany[name]}/`)));
}

/** The things on the other end, by their names; many are told by their number. */
export function targets(told: Told, name: string, target: string): Part[] {
  const ids = told.after === null ? namedIds(told, target) : idsIn(told.after, name, target);
  // A job's row is about one tester, whose name is its label.
  const isRow = target === 'betaTesters' && told.label !== null && ids.every((id) => id === told.resourceId);
  if (isRow && isRecord(told.after) && 'isAdded' in told.after) return [{ name: told.label ?? '' }];
  if (ids.length > 3) return [formatPlural(ids.length, ...nounOf(target))];
  const known = ids.flatMap((id) => told.names[`${target}/${id}`] ?? []);
  if (known.length < ids.length || ids.length === 0) {
    if (told.label !== null && target === 'betaTesters' && ids.length === 1) return [{ name: told.label }];
    return ids.length === 0 ? [] : [formatPlural(ids.length, ...nounOf(target))];
  }
  return list(known.map((one) => ({ name: one })));
}

function namedIds({ names, type, resourceId }: Told, target: string): string[] {
  return Object.keys(names)
    .filter((ref) => ref.startsWith(`${target}/`) && ref !== `${type}/${resourceId}`)
    .map((ref) => ref.slice(target.length + 1));
}

function idsIn(value: unknown, name: string, target: string): string[] {
  if (!isRecord(value)) return [];
  const related = isRecord(value.relationships) ? value.relationships[name] : undefined;
  const data = value.relationship === name ? value.data : isRecord(related) ? related.data : undefined;
  const linkages = [data].flat().filter(isIdentified);
  if (linkages.length > 0) return linkages.map(({ id }) => id);
  const own = target === 'betaGroups' ? 'groupIds' : target === 'builds' ? 'buildIds' : '';
  return [value[name] ?? value[own]].flat().filter((id): id is string => typeof id === 'string');
}

/** A group that testers or builds join; in a job's row its label is the tester. */
export function container(told: Told): Part[] {
  const known = told.resourceId === null ? undefined : told.names[`${told.type}/${told.resourceId}`];
  if (known) return [link(told, known)];
  const isRow = !isRecord(told.after) || !('relationship' in told.after);
  return isRow || told.label === null ? ['a group', ...inApp(told)] : [link(told, told.label)];
}
