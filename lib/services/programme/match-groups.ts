import { gathered } from '../gathered';
import type { GroupInFile } from './file';
import { keyOf } from './group-names';
import type { LiveGroup } from './programme';

/** A group of a file, and what of App Store Connect it is. */
export interface Match {
  readonly group: GroupInFile;
  /** None where it is to be made; several where it cannot be told which is meant. */
  readonly found: readonly LiveGroup[];
  /** Another group that has the name this one is to get, and does not give it up. */
  readonly holder: LiveGroup | null;
}

/**
 * Finds the groups of a file by their names, or by those they had before: one that is renamed is not the one that has its
 * former name now. Whoever gives up a name comes before whoever takes it.
 */
export function matchGroups(groups: readonly GroupInFile[], live: readonly LiveGroup[]): Match[] {
  const byName = gathered(live, ({ name }) => keyOf(name));
  const free = new Set<LiveGroup>();
  return [...foundIn(groups, byName)].map(([group, found]) => {
    const key = keyOf(group.name);
    const [own, ...others] = found;
    const isNew = others.length === 0 && (own === undefined || keyOf(own.name) !== key);
    const holder = isNew ? byName.get(key)?.find((one) => one !== own && !free.has(one)) : undefined;
    if (own && isNew && !holder && own.isInternalGroup === group.isInternalGroup) free.add(own);
    return { group, found, holder: holder ?? null };
  });
}

function foundIn(
  groups: readonly GroupInFile[],
  byName: ReadonlyMap<string, readonly LiveGroup[]>,
): ReadonlyMap<GroupInFile, readonly LiveGroup[]> {
  const found = new Map<GroupInFile, readonly LiveGroup[]>();
  const taken = new Set<LiveGroup>();
  /** Groups of a name that are nobody else; only the one of the same kind, where that tells them apart. */
  const called = (name: string, { isInternalGroup }: GroupInFile) => {
    const all = (byName.get(keyOf(name)) ?? []).filter((one) => !taken.has(one));
    const alike = all.filter((one) => one.isInternalGroup === isInternalGroup);
    return alike.length === 1 ? alike : all;
  };
  const take = (group: GroupInFile, those: readonly LiveGroup[]) => {
    found.set(group, those);
    for (const one of those) taken.add(one);
  };
  // A name that one gives up may be the new name of another, which then is found by its own former one.
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const group of groups) {
      if (found.has(group) || group.previousName === undefined || called(group.name, group).length > 0)
        continue;
      const former = called(group.previousName, group);
      if (former.length > 0) take(group, former);
    }
  }
  // App Store Connect wants an internal group before the first external one.
  for (const group of groups.toSorted((a, b) => Number(b.isInternalGroup) - Number(a.isInternalGroup)))
    if (!found.has(group)) take(group, called(group.name, group));
  return found;
}
