import { type AddressProblem, readAddress } from '../csv/address';
import type { Mapping } from '../csv/columns';
import type { TableRow } from '../csv/read-table';
import { type GroupFact, readGroups } from './group-names';

export type RowOutcome = 'invite' | 'addToGroup' | 'alreadyThere' | 'invalid';

/** A person whom the app already has. */
export interface KnownTester {
  readonly testerId: string;
  readonly state: string | null;
  readonly groupIds: readonly string[];
  /** Builds assigned one by one. */
  readonly buildIds: readonly string[];
}

/** A group or a build as it is named. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface PlannedRow {
  readonly line: number;
  readonly firstName: string;
  readonly lastName: string;
  /** As it will be sent; for an invalid row as it stands in the file. */
  readonly email: string;
  /** The groups the person is to be in. */
  readonly groups: readonly Named[];
  /** Or the builds to be given one by one: Apple takes one or the other. */
  readonly builds: readonly Named[];
  /** The groups cell as it stands in the file, so that failed rows can be written out again. */
  readonly groupsCell: string;
  readonly outcome: RowOutcome;
  readonly testerId: string | null;
  readonly reason: AddressProblem | null;
}

export interface PlanFacts {
  readonly mapping: Mapping;
  /** Groups of the app. */
  readonly groups: readonly GroupFact[];
  /** Groups for rows that name none. */
  readonly defaultGroupIds: readonly string[];
  /** Builds for every row instead of groups; the groups column is then not read. */
  readonly builds: readonly Named[];
  /** By lower-cased e-mail. */
  readonly known: ReadonlyMap<string, KnownTester>;
}

const MAX_NAME = 255;

/** Says for each row what an import would do, without any call: facts come from the mirror. */
export function planRows(rows: readonly TableRow[], facts: PlanFacts): PlannedRow[] {
  const seen: Seen = new Map();
  return rows.map((row) => planRow(row, facts, seen));
}

/** Address → the line it stood in first, and what it has been given by now. */
type Seen = Map<string, { line: number; ids: Set<string> }>;

function planRow(row: TableRow, facts: PlanFacts, seen: Seen): PlannedRow {
  const raw = readCells(row, facts.mapping);
  const invalid = (code: string, detail: string): PlannedRow => ({
    ...raw,
    line: row.line,
    groups: [],
    builds: [],
    outcome: 'invalid',
    testerId: null,
    reason: { code, detail },
  });
  const address = readAddress(raw.email);
  if (!address.ok) return invalid(address.problem.code, address.problem.detail);
  const names = raw.firstName || raw.lastName ? raw : { ...raw, ...splitName(address.displayName ?? '') };
  const tooLong = nameProblem(names);
  if (tooLong) return invalid('FLIGHTDECK.NAME.TOO_LONG', tooLong);
  const isBuilds = facts.builds.length > 0;
  const chosen = isBuilds
    ? { ok: true as const, groups: facts.builds }
    : readGroups(raw.groupsCell, facts.groups, facts.defaultGroupIds);
  if (!chosen.ok) return invalid(chosen.code, chosen.detail);

  const before = seen.get(address.key);
  const fresh = before ? chosen.groups.filter(({ id }) => !before.ids.has(id)) : chosen.groups;
  if (before && fresh.length === 0) {
    return invalid('FLIGHTDECK.DUPLICATE', `The same address stands in line ${before.line}.`);
  }
  const entry = before ?? { line: row.line, ids: new Set<string>() };
  for (const { id } of fresh) entry.ids.add(id);
  seen.set(address.key, entry);
  const tester = facts.known.get(address.key);
  const held = (isBuilds ? tester?.buildIds : tester?.groupIds) ?? [];
  const { places, ...decided } = against(tester, held, fresh, before !== undefined);
  return {
    line: row.line,
    firstName: names.firstName,
    lastName: names.lastName,
    email: address.email,
    groupsCell: raw.groupsCell,
    reason: null,
    groups: isBuilds ? [] : places,
    builds: isBuilds ? places : [],
    ...decided,
  };
}

/** What is left to do for a person whom the app may know, possibly from an earlier row of this file. */
function against(
  tester: KnownTester | undefined,
  held: readonly string[],
  wanted: readonly Named[],
  isSecondRow: boolean,
): Pick<PlannedRow, 'outcome' | 'testerId'> & { readonly places: readonly Named[] } {
  const places = wanted.map(({ id, name }) => ({ id, name }));
  if (!tester) return { places, outcome: isSecondRow ? 'addToGroup' : 'invite', testerId: null };
  // A REVOKED tester has lost access: only a new invitation brings the person back.
  if (tester.state === 'REVOKED') {
    return { places, outcome: 'invite', testerId: tester.testerId };
  }
  const missing = places.filter(({ id }) => !held.includes(id));
  return {
    places: missing.length > 0 ? missing : places,
    outcome: missing.length > 0 ? 'addToGroup' : 'alreadyThere',
    testerId: tester.testerId,
  };
}

function readCells(row: TableRow, mapping: Mapping) {
  const cell = (index: number | undefined): string => (index === undefined ? '' : (row.cells[index] ?? ''));
  const names =
    mapping.fullName === undefined
      ? { firstName: cell(mapping.firstName), lastName: cell(mapping.lastName) }
      : splitName(cell(mapping.fullName));
  return { ...names, email: cell(mapping.email), groupsCell: cell(mapping.groups) };
}

/** “Ann Maria Lee” → Ann Maria, Lee; “Lee, Ann” → Ann, Lee. */
function splitName(name: string): { firstName: string; lastName: string } {
  const [last, first] = name.split(/,\s*/, 2);
  if (first) return { firstName: first.trim(), lastName: last?.trim() ?? '' };
  const words = name.trim().split(/\s+/);
  return {
    firstName: words.slice(0, -1).join(' ') || (words[0] ?? ''),
    lastName: words.length > 1 ? (words.at(-1) ?? '') : '',
  };
}

function nameProblem(names: { firstName: string; lastName: string }): string | null {
  for (const [label, name] of [
    ['first', names.firstName],
    ['last', names.lastName],
  ] as const) {
    const length = [...name].length;
    if (length > MAX_NAME)
      return `The ${label} name has ${length} characters; Apple takes at most ${MAX_NAME}.`;
  }
  return null;
}

/** How many rows of a plan have each outcome. */
export function countOutcomes(rows: readonly PlannedRow[]): Record<RowOutcome, number> {
  const counts: Record<RowOutcome, number> = { invite: 0, addToGroup: 0, alreadyThere: 0, invalid: 0 };
  for (const row of rows) counts[row.outcome] += 1;
  return counts;
}
