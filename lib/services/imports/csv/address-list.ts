import { hintOf } from './headers';
import { type Mailbox, readMailboxes } from './mailboxes';

/** Somebody of a pasted list or a recipients line, and the line of the text. */
interface Listed {
  readonly line: number;
  readonly name: string;
  readonly address: string;
}

export interface AddressList {
  readonly people: readonly Listed[];
  /** Lines that hold a header or a comment. */
  readonly skipped: readonly number[];
}

const LINE_BREAK = /\r\n|\n|\r/;
const AT = /[@＠﹫]/u;
/** So many lines may be one entry of a recipients line. */
const MOST_JOINED = 4;

/**
 * Reads a text that is a list of addresses rather than a table: recipients as mail programs write them, or lines with
 * several addresses. Null when it is not, or when a table of one column says the same. A line without an address, such
 * as a heading, is listed as it stands: it is nobody's name, and is told to be no address.
 */
export function readAddressList(text: string): AddressList | null {
  if (!AT.test(text)) return null;
  const lines = text.split(LINE_BREAK).map((raw) => raw.replace(/^\ufeff/, ''));
  const found: Listed[] = [];
  const strange: Listed[] = [];
  const skipped: number[] = [];
  let isList = false;
  let read = 0;
  let unreadable = 0;
  for (let index = 0; index < lines.length; index += 1) {
    const line = (lines[index] ?? '').trim();
    if (line === '') continue;
    const isComment = /^#(?!\d)/.test(line);
    if (isComment && !AT.test(line)) {
      skipped.push(index + 1);
      continue;
    }
    // Somebody in a comment is told, and not invited: the blank makes `#ann@example.com` no address.
    const entry = isComment ? null : readEntry(lines, index);
    if (entry === null) {
      const isFirst = found.length === 0 && strange.length === 0;
      if (isFirst && !AT.test(line)) {
        if (isAddressHeader(line)) {
          skipped.push(index + 1);
          continue;
        }
        if (isHeaderOfSeveral(line)) return null;
      }
      if (AT.test(line) && !isComment) unreadable += 1;
      strange.push({ line: index + 1, name: '', address: line.replace(/^#\s*/, '# ') });
      continue;
    }
    read += 1;
    isList ||= entry.people.length > 1 || entry.isNamed;
    found.push(...entry.people);
    index += entry.joined;
  }
  // A line that cannot be read is told about, as long as the rest is clearly a list.
  if (!isList || unreadable > read * 0.2) return null;
  if (isColumnOfOthers(found)) return null;
  return { people: [...found, ...strange].toSorted((a, b) => a.line - b.line), skipped };
}

interface Entry {
  readonly people: readonly Listed[];
  readonly isNamed: boolean;
  /** How many further lines belong to it. */
  readonly joined: number;
}

/** The people of a line; the lines after it are read with it only where it is really continued there. */
function readEntry(lines: readonly string[], index: number): Entry | null {
  let whole = (lines[index] ?? '').trim();
  for (let joined = 0; joined < MOST_JOINED; joined += 1) {
    const people = readMailboxes(whole, { withBareNames: true });
    if (people !== null) {
      return {
        people: people.map((one) => listed(one, lineAt(lines, index, one.at))),
        isNamed: people.some(({ name }) => name !== '') || /[<>]/.test(whole),
        joined,
      };
    }
    const next = lines[index + joined + 1];
    if (next === undefined || !isContinued(whole, next, lines[index + joined + 2] ?? '')) return null;
    whole += ` ${next.trim()}`;
  }
  return null;
}

/** The line of a place in lines that were joined with one blank each. */
function lineAt(lines: readonly string[], from: number, at: number): number {
  let line = from;
  for (let end = (lines[from] ?? '').trim().length; end < at; end += 1 + (lines[line] ?? '').trim().length) {
    line += 1;
  }
  return line + 1;
}

/**
 * Whether an entry goes on in the next line: an open quotation mark or bracket, a name over its address, or recipients
 * that a mail program has wrapped within a name. Anything else may be a heading, or somebody without an address.
 */
function isContinued(line: string, next: string, afterNext: string): boolean {
  if (next.trim() === '') return false;
  if (line.split('"').length % 2 === 0 || line.lastIndexOf('<') > line.lastIndexOf('>')) return true;
  // Where the line after that begins with an address too, the addresses have no names, and this is a heading.
  if (/^\s*[<＜]/u.test(next)) return !/^\s*[<＜]/u.test(afterNext);
  const open = line.slice(Math.max(line.lastIndexOf(','), line.lastIndexOf(';')) + 1);
  if (!AT.test(line) || AT.test(open)) return false;
  return /^\s/.test(next) || (/^\s*\S+$/.test(open) && /^\S+\s*</.test(next));
}

function listed({ name, address }: Mailbox, line: number): Listed {
  return { line, name, address };
}

function isAddressHeader(line: string): boolean {
  const hint = hintOf(line.replace(/^"|"$/g, ''));
  return hint.field === 'email' && !hint.isOthers && line.length < 60 && !/[,;\t|]/.test(line);
}

/** The header of a table in which addresses are one column among others. */
function isHeaderOfSeveral(line: string): boolean {
  const cells = line.split(/[,;\t|]/);
  return (
    cells.length > 1 && cells.some((cell) => hintOf(cell.trim().replace(/^"|"$/g, '')).field === 'email')
  );
}

/** The same address on line after line is an owner beside a tester: that is a table with two columns. */
function isColumnOfOthers(people: readonly Listed[]): boolean {
  const lines = new Set(people.map(({ line }) => line)).size;
  const distinct = new Set(people.map(({ address }) => address.toLowerCase())).size;
  return lines >= 3 && people.length >= lines * 2 && people.length - distinct >= lines - 1;
}
