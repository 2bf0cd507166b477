import { type Address, type AddressProblem, readAddress, readAddresses } from './csv/address';
import type { Mapping } from './csv/columns';
import type { TableRow } from './csv/read-table';
import { type Names, splitName } from './names';

/** Somebody a row speaks of. */
export interface Person extends Names {
  /** Names the person among those of the file: line and address. */
  readonly id: string;
  readonly line: number;
  readonly address: Address;
  /** What is wrong with the row beside the address. */
  readonly problem: AddressProblem | null;
  readonly groupsCell: string;
  readonly groupIdsCell: string;
  readonly note: string | null;
}

interface RowFacts {
  readonly mapping: Mapping;
  readonly headers?: readonly string[] | undefined;
  readonly otherAddresses?: readonly number[] | undefined;
}

/** The people of a row: one, or one for each address of its cell. */
export function peopleOf(row: TableRow, facts: RowFacts): Person[] {
  const { mapping } = facts;
  const cell = (index: number | undefined): string => (index === undefined ? '' : (row.cells[index] ?? ''));
  const first = cell(mapping.email);
  const text = first === '' ? cell(mapping.otherEmail) : first;
  const found = readAddresses(text);
  const addresses = text === '' ? [missing(row, facts)] : found;
  const names = namesOf(row, mapping, addresses);
  const rowNote = first === '' && text !== '' ? `Taken from “${headerOf(facts, mapping.otherEmail)}”.` : null;
  return addresses.map((address, index) => {
    const own = names.of(address, index);
    return {
      id: `${row.line} ${address.ok ? address.key : address.text}`,
      line: row.line,
      ...own,
      address,
      problem: names.problem,
      groupsCell: cell(mapping.groups),
      groupIdsCell: cell(mapping.groupIds),
      note: names.note ?? rowNote,
    };
  });
}

function headerOf({ headers }: RowFacts, index: number | undefined): string {
  return headers?.[index ?? -1] || `Column ${(index ?? 0) + 1}`;
}

const TOTALS =
  /^(grand )?(totals?|sum|subtotal|count|average|summe|gesamt|insgesamt|anzahl|somme|totale|suma|totaal|summa|yhteensä|итого|всего|合計|总计|合计)\b[:\s\d]*/iu;

function missing(row: TableRow, facts: RowFacts): Address {
  const refuse = (code: string, detail: string): Address => ({
    ok: false,
    text: '',
    problem: { code, detail },
  });
  if (row.cells.some((cell) => TOTALS.test(cell)) && !row.cells.some((cell) => cell.includes('@'))) {
    return refuse(
      'FLIGHTDECK.ROW.TOTAL',
      'This is a line of totals, not a person: there is no e-mail address.',
    );
  }
  const other = facts.otherAddresses?.find((index) => readAddress(row.cells[index] ?? '').ok);
  if (other === undefined) return refuse('FLIGHTDECK.EMAIL.MISSING', 'There is no e-mail address.');
  return refuse(
    'FLIGHTDECK.EMAIL.MISSING',
    `“${headerOf(facts, facts.mapping.email)}” is empty here, and “${headerOf(facts, other)}” holds an address. Choose that column for rows without the first, or leave the row out.`,
  );
}

interface NamesOfRow {
  readonly problem: AddressProblem | null;
  readonly note: string | null;
  of(address: Address, index: number): Names;
}

/** A name goes to one address only; addresses of a list bring their own. */
function namesOf(row: TableRow, mapping: Mapping, addresses: readonly Address[]): NamesOfRow {
  const cell = (index: number | undefined): string => (index === undefined ? '' : (row.cells[index] ?? ''));
  const whole = withoutOwnAddress(cell(mapping.fullName), addresses);
  const [firstName, lastName] = [cell(mapping.firstName), cell(mapping.lastName)];
  const inRow =
    mapping.fullName === undefined
      ? { firstName, lastName }
      : withParts(splitName(whole), { firstName, lastName });
  const shifted = [whole, firstName, lastName].some((name) => readAddress(name).ok);
  const problem = shifted
    ? {
        code: 'FLIGHTDECK.ROW.SHIFTED',
        detail:
          'An address stands where the name belongs: the cells of this row do not stand under their columns.',
      }
    : null;
  const [only, second] = addresses;
  if (only && !second) {
    const isNamed = inRow.firstName !== '' || inRow.lastName !== '';
    const own = only.ok && only.displayName !== null ? splitName(only.displayName) : inRow;
    return { problem, note: null, of: () => (isNamed ? inRow : own) };
  }
  const listed = listOf(whole, addresses.length) ?? pairsOf(firstName, lastName, addresses.length);
  const isLost = !listed && (inRow.firstName !== '' || inRow.lastName !== '');
  return {
    problem,
    note: isLost ? `The row has ${addresses.length} addresses and one name: nobody gets the name.` : null,
    of: (address, index) =>
      address.ok && address.displayName !== null
        ? splitName(address.displayName)
        : (listed?.[index] ?? { firstName: '', lastName: '' }),
  };
}

/** `Mara Lind <mara@example.com>` in the name column beside that address. */
function withoutOwnAddress(name: string, addresses: readonly Address[]): string {
  if (!name.includes('@')) return name;
  const read = readAddress(name);
  const isOwn = read.ok && addresses.some((address) => address.ok && address.key === read.key);
  return isOwn ? (read.displayName ?? '') : name;
}

function withParts(whole: Names, { firstName, lastName }: Names): Names {
  if (firstName === '' && lastName === '') return whole;
  return { firstName: firstName || whole.firstName, lastName: lastName || whole.lastName };
}

/** As many names as addresses, in the same order. */
function listOf(names: string, count: number): Names[] | null {
  const parts = cut(names).filter((part) => part !== '');
  return parts.length === count ? parts.map(splitName) : null;
}

function pairsOf(firstNames: string, lastNames: string, count: number): Names[] | null {
  const [first, last] = [cut(firstNames), cut(lastNames)];
  if (first.length !== count || (last.length !== count && lastNames !== '')) return null;
  return first.map((firstName, index) => ({ firstName, lastName: last[index] ?? '' }));
}

function cut(text: string): string[] {
  return text.split(/[;|\n]/).map((part) => part.trim());
}
