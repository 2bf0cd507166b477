import { ALL_CLOSED } from '@/lib/browser/lists';
import type { ResourceObject, RowGroup } from '@/lib/browser/types';
import { rowKey } from './memory';
import type { Grouping } from './types';

/** The head of a group, which stands among the rows as a line of its own. */
export interface GroupLine {
  readonly group: RowGroup;
  readonly isClosed: boolean;
}

export type Line<Row> = Row | GroupLine;

export function isGroupLine<Row extends ResourceObject>(line: Line<Row>): line is GroupLine {
  return 'group' in line;
}

/** One word for a line of a list. */
export function lineKey<Row extends ResourceObject>(line: Line<Row>): string {
  return isGroupLine(line) ? `group ${groupKey(line.group)}` : rowKey(line);
}

export function groupKey({ accountId, appId, id }: Pick<RowGroup, 'accountId' | 'appId' | 'id'>): string {
  return `${accountId} ${appId} ${id}`;
}

export function isClosed(closed: readonly string[], id: string): boolean {
  return closed.includes(id) !== (closed[0] === ALL_CLOSED);
}

/** What is closed once somebody has opened what is closed, or closed what is open. */
export function toggled(closed: readonly string[], id: string): readonly string[] {
  return closed.includes(id) ? closed.filter((one) => one !== id) : [...closed, id];
}

/**
 * The rows under the heads of their groups. Of a closed group the server gives a row that holds its place, and there may be
 * more on the screen until it has answered: none is shown.
 */
export function linesOf<Row extends ResourceObject>(
  rows: readonly Row[],
  { groups, closed }: { groups: ReadonlyMap<string, RowGroup>; closed: readonly string[] },
  grouping: Grouping<Row>,
): readonly Line<Row>[] {
  const lines: Line<Row>[] = [];
  let last: string | undefined;
  for (const row of rows) {
    const own = grouping.of(row);
    const key = groupKey(own);
    const group = groups.get(key);
    if (key !== last && group) lines.push({ group, isClosed: isClosed(closed, own.id) });
    last = key;
    if (!isClosed(closed, own.id)) lines.push(row);
  }
  return lines;
}
