export interface GroupFact {
  readonly id: string;
  readonly name: string;
  readonly isInternalGroup: boolean;
  readonly testerCount?: number | null;
}

/** What a name in the file means: one of several groups of that name, or any when there is none. */
export interface GroupQuestion {
  readonly kind: 'group';
  /** As the file has it. */
  readonly name: string;
  /** How an answer is filed, see `PersonFacts.groupNames`. */
  readonly key: string;
  /** Groups of that name; empty when the app has none. */
  readonly options: readonly GroupFact[];
}

export type GroupsRead =
  | { readonly ok: true; readonly groups: readonly GroupFact[] }
  | {
      readonly ok: false;
      readonly code: string;
      readonly detail: string;
      readonly question: GroupQuestion | null;
    };

interface Cells {
  readonly groupsCell: string;
  readonly groupIdsCell: string;
}

interface Facts {
  readonly groups: readonly GroupFact[];
  readonly defaultGroupIds: readonly string[];
  readonly groupNames?: Readonly<Record<string, string>> | undefined;
}

/**
 * Reads the groups of a row: by their ids where a column has them, else a cell such as `QA; Press | Friends`, by name
 * without case or by id; nothing means the default groups. A name that holds a separator itself is found first.
 */
export function readGroups(
  { groupsCell, groupIdsCell }: Cells,
  { groups, defaultGroupIds, groupNames = {} }: Facts,
): GroupsRead {
  const ids = cut(groupIdsCell, /[;,|\s]/);
  const byId = groups.filter((group) => ids.includes(group.id));
  if (ids.length > 0 && byId.length === new Set(ids).size) return { ok: true, groups: byId };
  // Ids of another app or account: the names beside them still mean something.
  if (ids.length > 0 && (byId.length > 0 || groupsCell.trim() === '')) {
    const gone = ids.find((id) => !byId.some((group) => group.id === id));
    return refuse('UNKNOWN', `This app has no group with the id ${gone}.`);
  }
  if (groupsCell.trim() === '') {
    const chosen = groups.filter((group) => defaultGroupIds.includes(group.id));
    return chosen.length > 0
      ? { ok: true, groups: chosen }
      : refuse('MISSING', 'The row names no group, and none was chosen for such rows.');
  }
  const found = new Map<string, GroupFact>();
  for (const name of splitList(groupsCell, groups)) {
    const key = fold(name);
    const meant = Object.hasOwn(groupNames, key) ? groupNames[key] : undefined;
    if (meant === '') continue;
    const matches = meant === undefined ? matching(name, groups) : groups.filter(({ id }) => id === meant);
    const [group] = matches;
    if (!group) {
      const question: GroupQuestion = { kind: 'group', name, key, options: [] };
      return refuse('UNKNOWN', `This app has no group named “${name}”.`, question);
    }
    if (matches.length > 1) {
      const detail = `This app has ${matches.length} groups named “${name}”. Choose which one is meant.`;
      return refuse('AMBIGUOUS', detail, { kind: 'group', name, key, options: matches });
    }
    found.set(group.id, group);
  }
  if (found.size > 0) return { ok: true, groups: [...found.values()] };
  return readGroups({ groupsCell: '', groupIdsCell: '' }, { groups, defaultGroupIds });
}

function splitList(cell: string, groups: readonly GroupFact[]): string[] {
  if (matching(cell, groups).length > 0) return [cell.trim()];
  const parts = cut(cell, /[;|\n]/);
  return parts.flatMap((part) => (matching(part, groups).length > 0 ? [part] : cut(part, /,/)));
}

function cut(text: string, separator: RegExp): string[] {
  const parts = text.split(separator).map((part) => part.trim());
  return parts.filter((part) => part !== '');
}

function matching(name: string, groups: readonly GroupFact[]): GroupFact[] {
  const exact = groups.filter((group) => group.id === name.trim() || group.name === name.trim());
  if (exact.length > 0) return exact;
  return groups.filter((group) => fold(group.name) === fold(name));
}

function fold(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}

function refuse(code: string, detail: string, question: GroupQuestion | null = null): GroupsRead {
  return { ok: false, code: `FLIGHTDECK.GROUP.${code}`, detail, question };
}

/**
 * A group as the groups cell of a file names it: by id when its name would be cut there or several groups have it.
 */
export function groupWord(group: Pick<GroupFact, 'id' | 'name'>, isUnique = true): string {
  return /[;|,\n]/.test(group.name) || !isUnique || group.name.trim() === '' ? group.id : group.name;
}

/** Tells for the groups of an app whether a name is only one group's. */
export function uniqueNames(groups: readonly Pick<GroupFact, 'name'>[]): (name: string) => boolean {
  const counts = new Map<string, number>();
  for (const { name } of groups) counts.set(fold(name), (counts.get(fold(name)) ?? 0) + 1);
  return (name) => (counts.get(fold(name)) ?? 0) < 2;
}
