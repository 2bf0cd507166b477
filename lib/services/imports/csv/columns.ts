import { type AddressColumns, chooseAddress } from './address-columns';
import { type ColumnFacts, factsOf } from './column-facts';
import { bodyOf, type Layout, layoutOf } from './header-row';
import { FIELDS, type Field, isNameField } from './headers';
import { isInLocalPart } from './mailboxes';
import type { Table, TableRow } from './read-table';

export { FIELDS, type Field };

/** Which column (0-based) holds what; a field that is absent is not read. */
export type Mapping = { readonly [F in Field]?: number };

export interface GuessedColumn {
  readonly index: number;
  readonly header: string | null;
  readonly field: Field | null;
  /** Three values as they stand there, cut where they are long; none of a column of passwords. */
  readonly samples: readonly string[];
  /** Why it is taken for this, or not taken. */
  readonly why: string;
  /** Passwords and the like are never taken, whatever a person chooses. */
  readonly isSecret: boolean;
}

export interface ColumnGuess {
  readonly hasHeader: boolean;
  readonly mapping: Mapping;
  readonly columns: readonly GuessedColumn[];
  /** Where several columns hold addresses: which one was taken, and what else there is. */
  readonly addresses: AddressColumns | null;
  /** Rows of people: without titles, comments and the header. */
  readonly body: readonly TableRow[];
  /** Lines before the header, and comments, that were not read. */
  readonly skippedLines: readonly number[];
}

/** What a person said about the columns, and what the app has. */
export interface GuessAids {
  readonly hasHeader?: boolean | undefined;
  readonly mapping?: Mapping | undefined;
  /** Names and ids of the app's groups: a column that holds them is the groups column. */
  readonly groups?: readonly { readonly id: string; readonly name: string }[];
}

/** Guesses header row and columns by what they hold, with the headers as a hint; a person can change all of it. */
export function guessColumns(table: Table, aids: GuessAids = {}): ColumnGuess {
  const layout = layoutOf(table, aids.hasHeader);
  const body = bodyOf(table, layout);
  const headers = layout.header?.cells ?? [];
  // Totals and footers say nothing about the columns.
  const reached = body.filter((row) => row.cells.some((cell) => /[@＠﹫]/u.test(cell)));
  const people = reached.length > 0 ? reached : body;
  const facts = Array.from({ length: table.width }, (_, index) =>
    factsOf(index, layout.header ? (headers[index] ?? '') : null, people, aids.groups ?? []),
  );
  const email = table.kind === 'list' ? table.width - 1 : chooseAddress(facts, people);
  const guessed = table.kind === 'list' ? listMapping(table) : mappingOf(facts, email, people, layout);
  const mapping = withoutSecrets(aids.mapping ?? guessed, facts);
  return {
    hasHeader: layout.header !== null,
    mapping,
    columns: facts.map((column) => shown(column, mapping, aids.mapping !== undefined, facts)),
    addresses: table.kind === 'list' ? null : addressColumns(facts, mapping),
    body,
    skippedLines: layout.skipped,
  };
}

function listMapping(table: Table): Mapping {
  return table.width > 1 ? { fullName: 0, email: 1 } : { email: 0 };
}

function withoutSecrets(mapping: Mapping, facts: readonly ColumnFacts[]): Mapping {
  return Object.fromEntries(
    Object.entries(mapping).filter(([, index]) => facts[index] !== undefined && !facts[index].isSecret),
  );
}

function mappingOf(
  facts: readonly ColumnFacts[],
  email: number | null,
  body: readonly TableRow[],
  layout: Layout,
): Mapping {
  const mapping: { [F in Field]?: number } = {};
  if (email !== null) mapping.email = email;
  const rest = facts.filter((column) => column.index !== email && !column.isSecret);
  for (const field of ['groupIds', 'groups'] as const) {
    const best = strongest(rest, field, (column) => isGroups(column, field));
    if (best !== undefined) mapping[field] = best;
  }
  const free = rest.filter(({ index }) => !Object.values(mapping).includes(index));
  Object.assign(mapping, namesByHeader(free));
  const isNamed = Object.keys(mapping).some((field) => isNameField(field as Field));
  if (!isNamed && email !== null) Object.assign(mapping, namesByContent(free, email, body, layout));
  return mapping;
}

function strongest(
  columns: readonly ColumnFacts[],
  field: Field,
  isFit: (column: ColumnFacts) => boolean,
): number | undefined {
  const fit = columns.filter((column) => isFit(column));
  const rank = ({ hint, groupShare }: ColumnFacts) =>
    (hint.field === field ? hint.strength : 0) + (field === 'groups' ? groupShare : 0);
  return fit.toSorted((a, b) => rank(b) - rank(a))[0]?.index;
}

/** By a header that means groups and nothing else, or by holding groups of the app. */
function isGroups({ hint, groupShare, share }: ColumnFacts, field: 'groups' | 'groupIds'): boolean {
  if (field === 'groupIds') return hint.field === 'groupIds';
  if (hint.field === 'groupIds' || share('address') > 0.2 || share('date') > 0.5 || share('url') > 0.5) {
    return false;
  }
  return (hint.field === 'groups' && (hint.strength === 2 || groupShare > 0)) || groupShare >= 0.5;
}

/** Known headers count unless the cells say otherwise; words inside a header only with cells that look like names. */
function namesByHeader(columns: readonly ColumnFacts[]): Mapping {
  const names: { [F in Field]?: number } = {};
  for (const strength of [2, 1] as const) {
    for (const column of columns) {
      const { field } = column.hint;
      if (column.hint.strength !== strength || field === null || !isNameField(field)) continue;
      if (column.hint.isOthers || column.isNoName || (strength === 1 && column.share('name') < 0.6)) continue;
      names[field] ??= column.index;
    }
  }
  const { firstName, lastName, fullName } = names;
  const at = (index: number | undefined) => columns.find((column) => column.index === index);
  if (fullName !== undefined && firstName !== undefined) {
    // “Name, Vorname”: a name beside a first name that it does not contain is the last name.
    const isLast = lastName === undefined && !contains(at(fullName), at(firstName));
    return isLast
      ? { firstName, lastName: fullName }
      : { firstName, ...(lastName === undefined ? { fullName } : { lastName }) };
  }
  if (fullName !== undefined && lastName !== undefined) {
    return contains(at(fullName), at(lastName)) ? { fullName } : { firstName: fullName, lastName };
  }
  // “Nom” or “Nombre” alone is often the whole name.
  const [only] = Object.entries(names);
  if (only && Object.keys(names).length === 1 && (at(only[1])?.severalWords ?? 0) >= 0.5) {
    return only[0] === 'fullName' || hasOwnWord(at(only[1])?.header)
      ? { [only[0]]: only[1] }
      : { fullName: only[1] };
  }
  return names;
}

/** Headers that mean the first or last name and never the whole. */
function hasOwnWord(header: string | null | undefined): boolean {
  return /first|given|last|sur|family|vor|nach/i.test(header ?? '');
}

function contains(whole: ColumnFacts | undefined, part: ColumnFacts | undefined): boolean {
  if (!whole || !part) return false;
  const pairs = whole.cells.flatMap((cell, row) => {
    const word = part.cells[row];
    return cell && word ? [cell.toLowerCase().includes(word.toLowerCase())] : [];
  });
  return pairs.length > 0 && pairs.filter(Boolean).length / pairs.length >= 0.5;
}

/**
 * Without a header that says so, a column holds names when its cells look like names and stand in the addresses;
 * in a file without any header also right beside the address.
 */
function namesByContent(
  columns: readonly ColumnFacts[],
  email: number,
  body: readonly TableRow[],
  { header }: Layout,
): Mapping {
  const likely = columns.filter(
    (column) =>
      !column.isNoName &&
      !column.hint.isOthers &&
      (column.hint.field === null || isNameField(column.hint.field)) &&
      column.share('name') >= 0.7 &&
      column.groupShare < 0.5,
  );
  const shared = likely.filter((column) => localShare(column, email, body) >= 0.4);
  const proper = likely.filter((column) => column.properShare >= 0.7 && !column.isRepeated);
  const [only, second] = shared;
  if (only && (second || header !== null)) return named(shared.slice(0, 2));
  if (only) return named(withOtherName(only, proper, email));
  if (header !== null) return {};
  const before = beside(proper, email, -1).reverse();
  return named(before.length > 0 ? before : beside(proper, email, 1));
}

/** Addresses often hold one of two names: the other stands right beside it, towards the address first. */
function withOtherName(column: ColumnFacts, proper: readonly ColumnFacts[], email: number): ColumnFacts[] {
  if (column.severalWords >= 0.5) return [column];
  const inward = column.index < email ? 1 : -1;
  const other = [inward, -inward]
    .map((step) => proper.find(({ index }) => index === column.index + step))
    .find((one) => one && one.severalWords < 0.5);
  return [column, ...(other ? [other] : [])].toSorted((a, b) => a.index - b.index);
}

/** At most two columns in an unbroken run from the address. */
function beside(columns: readonly ColumnFacts[], email: number, step: 1 | -1): ColumnFacts[] {
  const found: ColumnFacts[] = [];
  for (let index = email + step; found.length < 2; index += step) {
    const column = columns.find((one) => one.index === index);
    if (!column) break;
    found.push(column);
  }
  return found;
}

function named(columns: readonly ColumnFacts[]): Mapping {
  const [first, second] = columns;
  if (!first) return {};
  if (!second || first.severalWords >= 0.5) {
    return first.severalWords >= 0.3 || first.hasCommas
      ? { fullName: first.index }
      : { firstName: first.index };
  }
  return { firstName: first.index, lastName: second.index };
}

function localShare(column: ColumnFacts, email: number, body: readonly TableRow[]): number {
  const pairs = column.cells.flatMap((cell, row) => {
    const address = body[row]?.cells[email] ?? '';
    return cell !== '' && address.includes('@') ? [isInLocalPart(cell, address)] : [];
  });
  return pairs.length === 0 ? 0 : pairs.filter(Boolean).length / pairs.length;
}

function addressColumns(facts: readonly ColumnFacts[], mapping: Mapping): AddressColumns | null {
  const taken = mapping.email === undefined ? undefined : facts[mapping.email];
  const others = facts.filter(
    (column) => column.index !== mapping.email && column.share('address') >= 0.3 && !column.isSecret,
  );
  if (!taken || others.length === 0) return null;
  const lacking = taken.cells.flatMap((cell, row) => (cell === '' ? [row] : []));
  return {
    taken: taken.index,
    others: others.map((column) => ({
      index: column.index,
      isOthers: column.hint.isOthers || column.isRepeated,
      fills: lacking.filter((row) => (column.cells[row] ?? '').includes('@')).length,
    })),
    lacking: lacking.length,
  };
}

function shown(
  column: ColumnFacts,
  mapping: Mapping,
  isChosen: boolean,
  facts: readonly ColumnFacts[],
): GuessedColumn {
  const field = FIELDS.find((one) => mapping[one] === column.index) ?? null;
  return {
    index: column.index,
    header: column.header,
    field,
    samples: column.isSecret ? [] : column.samples,
    why: isChosen && field !== null ? 'Chosen by you.' : whyOf(column, field, facts, mapping),
    isSecret: column.isSecret,
  };
}

function whyOf(
  column: ColumnFacts,
  field: Field | null,
  facts: readonly ColumnFacts[],
  mapping: Mapping,
): string {
  const { hint } = column;
  const addresses = `${column.count('address')} of ${column.filled} cells are addresses`;
  if (column.isSecret) return 'Looks like passwords: never read, kept or shown.';
  if (field === 'email') {
    const rivals = facts.filter((one) => one.index !== column.index && one.share('address') >= 0.3).length;
    const how = hint.field === 'email' ? 'By its header' : 'By what it holds';
    return `${how}: ${addresses}${rivals > 0 ? `; of ${rivals + 1} columns with addresses it fits the person best` : ''}.`;
  }
  if (field !== null) return hint.field === field ? 'By its header.' : 'By what it holds.';
  if (column.share('address') >= 0.3) {
    if (hint.isOthers) return `Holds addresses, but its header speaks of somebody else.`;
    if (column.isRepeated) return 'Holds addresses, but the same ones again and again.';
    return mapping.email === undefined ? `${addresses}.` : `Holds addresses too: another column fits better.`;
  }
  const kind = KIND_WORDS.find(([one]) => column.share(one) >= 0.6);
  if (column.filled === 0) return 'Empty.';
  if (hint.isOthers) return 'Its header speaks of somebody else.';
  return kind ? `Not used: looks like ${kind[1]}.` : 'Not used: nothing tells that it is a name or a group.';
}

const KIND_WORDS = [
  ['date', 'dates'],
  ['phone', 'phone numbers'],
  ['number', 'numbers'],
  ['flag', 'states or yes and no'],
  ['url', 'web addresses'],
  ['id', 'ids'],
  ['postal', 'postal addresses or notes'],
] as const;
