import type { Table, TableRow } from './read-table';

export const FIELDS = ['firstName', 'lastName', 'fullName', 'email', 'groups'] as const;
export type Field = (typeof FIELDS)[number];

/** Which column (0-based) holds what; a field that is absent is not read. */
export type Mapping = { readonly [F in Field]?: number };

export interface ColumnGuess {
  readonly hasHeader: boolean;
  readonly mapping: Mapping;
  readonly columns: readonly {
    index: number;
    header: string | null;
    field: Field | null;
    samples: readonly string[];
  }[];
}

/** Headers people and tools write, without case, accents, spaces and signs. */
const ALIASES: Readonly<Record<Field, readonly string[]>> = {
  firstName:
    'first firstname fname given givenname forename vorname prenom nombre nome voornaam imie etunimi fornavn 名 имя'.split(
      ' ',
    ),
  lastName:
    'last lastname lname surname family familyname nachname familienname nom nomdefamille apellido apellidos cognome sobrenome achternaam nazwisko sukunimi etternavn efternamn 姓 фамилия'.split(
      ' ',
    ),
  fullName: 'name fullname displayname tester testername person nomcomplet vollername 氏名 姓名'.split(' '),
  email:
    'email emails mail emailaddress mailaddress appleid appleaccount address correo correoelectronico courriel adressemail emailadresse epost eposta 邮箱 メール メールアドレス почта'.split(
      ' ',
    ),
  groups:
    'group groups betagroup betagroups testergroup testergroups groupname groupnames gruppe gruppen groupe groupes grupo grupos gruppo gruppi groep cohort team グループ 组 группа'.split(
      ' ',
    ),
};

const FIELD_OF = new Map(
  FIELDS.flatMap((field) => ALIASES[field].map((alias) => [normalise(alias), field] as const)),
);

/** Guesses header row and columns; a person can change the mapping afterwards. */
export function guessColumns(table: Table): ColumnGuess {
  const [first] = table.rows;
  const named = first ? byHeader(first) : {};
  const hasHeader = first !== undefined && Object.keys(named).length > 0 && !first.cells.some(hasAt);
  const body = hasHeader ? table.rows.slice(1) : table.rows;
  const mapping = withoutFullName(hasHeader ? { ...byContent(body, named), ...named } : byContent(body, {}));
  const fieldOf = new Map(Object.entries(mapping).map(([field, index]) => [index, field as Field]));
  const columns = Array.from({ length: table.width }, (_, index) => ({
    index,
    header: hasHeader ? (first.cells[index] ?? '') : null,
    field: fieldOf.get(index) ?? null,
    samples: samples(body, index),
  }));
  return { hasHeader, mapping, columns };
}

function byHeader(row: TableRow): Mapping {
  const mapping: { [F in Field]?: number } = {};
  for (const [index, cell] of row.cells.entries()) {
    const field = FIELD_OF.get(normalise(cell));
    if (field && mapping[field] === undefined) mapping[field] = index;
  }
  return mapping;
}

/** The address column is the one with the most @; names stand before it or right after, groups last. */
function byContent(rows: readonly TableRow[], named: Mapping): Mapping {
  const email = named.email ?? mostAts(rows);
  if (email === null) return {};
  if (Object.keys(named).length > 0) return { email };
  const width = rows[0]?.cells.length ?? 0;
  const others = Array.from({ length: width }, (_, index) => index).filter(
    (index) => index !== email && rows.some((row) => (row.cells[index] ?? '') !== ''),
  );
  const before = others.filter((index) => index < email);
  const after = others.filter((index) => index > email);
  const names = before.length > 0 ? before : after.splice(0, 2);
  if (names.length === 1 && names[0] !== undefined) {
    const isFull = rows.some((row) => /\S\s+\S/.test(row.cells[names[0] ?? 0] ?? ''));
    return { email, [isFull ? 'fullName' : 'firstName']: names[0], ...groupsAt(after) };
  }
  const [firstName, lastName] = names;
  return {
    email,
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
    ...groupsAt(after),
  };
}

function groupsAt(columns: readonly number[]): Mapping {
  return columns[0] === undefined ? {} : { groups: columns[0] };
}

function mostAts(rows: readonly TableRow[]): number | null {
  const counts: number[] = [];
  for (const row of rows.slice(0, 200)) {
    for (const [index, cell] of row.cells.entries()) {
      if (hasAt(cell)) counts[index] = (counts[index] ?? 0) + 1;
    }
  }
  const best = counts.reduce((most, count, index) => (count > (counts[most] ?? 0) ? index : most), 0);
  return (counts[best] ?? 0) > 0 ? best : null;
}

function withoutFullName(mapping: Mapping): Mapping {
  if (mapping.fullName === undefined || mapping.firstName === undefined) return mapping;
  const { fullName: _unused, ...rest } = mapping;
  return rest;
}

function hasAt(cell: string): boolean {
  return /[@＠﹫]/u.test(cell);
}

function normalise(header: string): string {
  const plain = header.normalize('NFKD').replace(/[\p{M}\s\p{P}\p{S}]/gu, '');
  return plain.toLowerCase();
}

function samples(rows: readonly TableRow[], index: number): string[] {
  const found: string[] = [];
  for (const row of rows) {
    const cell = row.cells[index];
    if (cell) found.push(cell.slice(0, 120));
    if (found.length === 3) break;
  }
  return found;
}
