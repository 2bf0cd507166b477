export interface GroupFact {
  readonly id: string;
  readonly name: string;
  readonly isInternalGroup: boolean;
}

export type GroupsRead =
  | { readonly ok: true; readonly groups: readonly GroupFact[] }
  | { readonly ok: false; readonly code: string; readonly detail: string };

/**
 * Reads a cell such as `QA; Press | Friends`, by name without case or by id; an empty cell means the default groups.
 * A name that holds a separator itself is found first.
 */
export function readGroups(
  cell: string,
  groups: readonly GroupFact[],
  defaultGroupIds: readonly string[],
): GroupsRead {
  if (cell.trim() === '') {
    const chosen = groups.filter((group) => defaultGroupIds.includes(group.id));
    return chosen.length > 0
      ? { ok: true, groups: chosen }
      : refuse('MISSING', 'The row names no group, and none was chosen for such rows.');
  }
  const found = new Map<string, GroupFact>();
  for (const name of splitList(cell, groups)) {
    const matches = matching(name, groups);
    const [group] = matches;
    if (!group) return refuse('UNKNOWN', `This app has no group named “${name}”.`);
    if (matches.length > 1) {
      return refuse(
        'AMBIGUOUS',
        `This app has ${matches.length} groups named “${name}”. Use the group's id.`,
      );
    }
    found.set(group.id, group);
  }
  return { ok: true, groups: [...found.values()] };
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

function refuse(code: string, detail: string): GroupsRead {
  return { ok: false, code: `FLIGHTDECK.GROUP.${code}`, detail };
}
