import type { AddressProblem } from './csv/address';
import type { Mapping } from './csv/columns';
import type { TableRow } from './csv/read-table';
import { type GroupFact, type GroupQuestion, readGroups } from './group-names';
import { fittingRecords, type KnownTester, type RecordQuestion } from './known-records';
import { inOneLine, nameOnHold, nameProblem } from './names';
import { type Person, peopleOf } from './people-of-row';

export type { KnownTester };

/** What would happen with somebody; `held` waits for a person's word about the name. */
export type RowOutcome = 'invite' | 'addToGroup' | 'alreadyThere' | 'held' | 'invalid';
export const ROW_OUTCOMES = [
  'invite',
  'addToGroup',
  'alreadyThere',
  'held',
  'invalid',
] as const satisfies readonly RowOutcome[];

/** A group or a build as it is named. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface PlannedRow {
  /** Names the person among those of the file: line and address. */
  readonly id: string;
  readonly line: number;
  readonly firstName: string;
  readonly lastName: string;
  /** As it will be sent; for an invalid row as it stands in the file. */
  readonly email: string;
  /** The groups the person is to be in. */
  readonly groups: readonly Named[];
  /** Or the builds to be given one by one: Apple takes one or the other. */
  readonly builds: readonly Named[];
  /** The groups cell as it stands in the file, or that of their ids, so that failed rows can be written out again. */
  readonly groupsCell: string;
  readonly outcome: RowOutcome;
  readonly testerId: string | null;
  /** Whether that tester is the internal record and the groups are external, or the other way round. */
  readonly isOtherKind: boolean;
  readonly reason: AddressProblem | null;
  /** What was left out or made different, though the row can be sent. */
  readonly note: string | null;
  /** What a person can answer so that the row can be sent. */
  readonly question: GroupQuestion | RecordQuestion | null;
}

/** What is known about the app, and what a person has decided. */
export interface PersonFacts {
  /** Groups of the app. */
  readonly groups: readonly GroupFact[];
  /** Groups for rows that name none. */
  readonly defaultGroupIds: readonly string[];
  /** Builds for every row instead of groups; the groups column is then not read. */
  readonly builds: readonly Named[];
  /** By lower-cased e-mail; one address may stand in the app as an internal and as an external record. */
  readonly known: ReadonlyMap<string, readonly KnownTester[]>;
  /** What is meant by a group's name: folded name → id, or '' to leave it out. */
  readonly groupNames?: Readonly<Record<string, string>> | undefined;
  /** Which record is meant: lower-cased e-mail → tester id. */
  readonly records?: Readonly<Record<string, string>> | undefined;
  /** Names that look broken: row id, or `*` for all others → whether to keep or drop them. */
  readonly names?: Readonly<Record<string, 'keep' | 'drop'>> | undefined;
  /** Whether letters beyond ASCII may be wrong, since the encoding was guessed and another would do as well. */
  readonly isEncodingUnsure?: boolean | undefined;
}

export interface PlanFacts extends PersonFacts {
  readonly mapping: Mapping;
  /** Headers by column, for reasons; empty where there is none. */
  readonly headers?: readonly string[] | undefined;
  /** Other columns with addresses of the people themselves. */
  readonly otherAddresses?: readonly number[] | undefined;
}

/** Says for each row what an import would do, without any call: facts come from the mirror. */
export function planRows(rows: readonly TableRow[], facts: PlanFacts): PlannedRow[] {
  const seen: Seen = new Map();
  const decided = { ...facts, names: withAddresses(facts.names) };
  return rows.flatMap((row) => peopleOf(row, facts).flatMap((person) => planPerson(person, decided, seen)));
}

/** What is decided about the name in one row of somebody holds for their other rows. */
function withAddresses(names: PersonFacts['names'] = {}): PersonFacts['names'] {
  const byAddress = Object.entries(names).map(([id, decision]) => [
    id.replace(/^\d+ /, '').replace(/ \d+$/, ''),
    decision,
  ]);
  return { ...Object.fromEntries(byAddress), ...names };
}

interface SeenPerson {
  readonly line: number;
  /** What the address has been given by now. */
  readonly ids: Set<string>;
  /** The row that invites, or would if its name were not held back. */
  inviting?: PlannedRow;
}

/** What the rows before have done with each address. */
export type Seen = Map<string, SeenPerson>;

/**
 * What would happen with one person; two answers when the groups belong to two records of the address. Import and
 * “invite one” both ask this.
 */
export function planPerson(person: Person, facts: PersonFacts, seen: Seen = new Map()): PlannedRow[] {
  const base = baseOf(person);
  const invalid = (reason: AddressProblem, question: PlannedRow['question'] = null): PlannedRow[] => [
    { ...base, outcome: 'invalid', reason, question },
  ];
  if (!person.address.ok) return invalid(person.address.problem);
  if (person.problem) return invalid(person.problem);
  const { key } = person.address;
  const tooLong = nameProblem(base);
  if (tooLong) return invalid({ code: 'FLIGHTDECK.NAME.TOO_LONG', detail: tooLong });

  const isBuilds = facts.builds.length > 0;
  const chosen = isBuilds ? { ok: true as const, groups: facts.builds } : readGroups(person, facts);
  if (!chosen.ok) return invalid({ code: chosen.code, detail: chosen.detail }, chosen.question);
  const before = seen.get(key);
  const fresh = before ? chosen.groups.filter(({ id }) => !before.ids.has(id)) : chosen.groups;
  if (before && fresh.length === 0) {
    return invalid({
      code: 'FLIGHTDECK.DUPLICATE',
      detail: `The same address stands in line ${before.line}.`,
    });
  }
  const internal = new Set(facts.groups.filter((group) => group.isInternalGroup).map(({ id }) => id));
  const fitting = fittingRecords(facts.known.get(key) ?? [], fresh, {
    internal,
    chosen: facts.records?.[key],
    groups: facts.groups,
    email: person.address.email,
  });
  if (!fitting.ok) return invalid({ code: fitting.code, detail: fitting.detail }, fitting.question);
  const entry: SeenPerson = before ?? { line: person.line, ids: new Set<string>() };
  for (const { id } of fresh) entry.ids.add(id);
  seen.set(key, entry);
  return fitting.parts.map(({ record, wanted, isOtherKind }, part) => {
    const held = (isBuilds ? record?.buildIds : record?.groupIds) ?? [];
    const { places, ...decided } = against(record, held, wanted, before !== undefined);
    const row: PlannedRow = {
      ...base,
      id: part === 0 ? person.id : `${person.id} ${part + 1}`,
      groups: isBuilds ? [] : places,
      builds: isBuilds ? places : [],
      isOtherKind,
      ...decided,
    };
    const isNew = row.outcome === 'invite' || (row.outcome === 'addToGroup' && row.testerId === null);
    if (!isNew) return row;
    const planned = entry.inviting ? asInvited(row, entry.inviting, facts) : withNameDecided(row, facts);
    entry.inviting ??= planned;
    return planned;
  });
}

/** Rows run side by side, and the first to arrive brings the name: all of one person wait for it, or bring the same. */
function asInvited(row: PlannedRow, first: PlannedRow, facts: PersonFacts): PlannedRow {
  if (first.outcome === 'held') return { ...row, outcome: 'held', reason: first.reason };
  const { firstName, lastName } = first;
  return firstName === '' && lastName === '' ? withNameDecided(row, facts) : { ...row, firstName, lastName };
}

function baseOf(person: Person): Omit<PlannedRow, 'outcome'> {
  const { id, line, address, groupsCell, groupIdsCell, note } = person;
  return {
    id,
    line,
    firstName: inOneLine(person.firstName),
    lastName: inOneLine(person.lastName),
    email: address.ok ? address.email : address.text,
    groups: [],
    builds: [],
    groupsCell:
      groupsCell.trim() === ''
        ? groupIdsCell
            .trim()
            .split(/[;,|\s]+/)
            .join(';')
        : groupsCell,
    testerId: null,
    isOtherKind: false,
    reason: null,
    note,
    question: null,
  };
}

/** What is left to do for a person whom the app may know, possibly from an earlier row of this file. */
function against(
  tester: KnownTester | null,
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

/** Names go to Apple once and cannot be changed there: one that looks broken waits for a person's word. */
function withNameDecided(row: PlannedRow, facts: PersonFacts): PlannedRow {
  const doubt = nameOnHold(row, facts.isEncodingUnsure === true);
  if (doubt === null) return row;
  const decision = facts.names?.[row.id] ?? facts.names?.[row.email.toLowerCase()] ?? facts.names?.['*'];
  if (decision === 'keep') return row;
  if (decision === 'drop') {
    return { ...row, firstName: '', lastName: '', note: 'Invited without the name, as you decided.' };
  }
  return { ...row, outcome: 'held', reason: { code: 'FLIGHTDECK.NAME.UNCONFIRMED', detail: doubt } };
}

/** How many rows of a plan have each outcome. */
export function countOutcomes(rows: readonly PlannedRow[]): Record<RowOutcome, number> {
  const counts: Record<RowOutcome, number> = {
    invite: 0,
    addToGroup: 0,
    alreadyThere: 0,
    held: 0,
    invalid: 0,
  };
  for (const row of rows) counts[row.outcome] += 1;
  return counts;
}
