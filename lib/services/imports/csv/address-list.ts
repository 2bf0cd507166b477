import { hintOf } from './headers';
import { type Mailbox, readMailboxes } from './mailboxes';

/** Somebody of a pasted list or a recipients line, and the line of the text. */
export interface Listed {
  readonly line: number;
  readonly name: string;
  readonly address: string;
}

/**
 * Reads a text that is a list of addresses rather than a table: recipients as mail programs write them, or lines with
 * several addresses. Null when it is not, or when a table of one column says the same.
 */
export function readAddressList(text: string): readonly Listed[] | null {
  if (!/[@＠﹫]/u.test(text)) return null;
  return byLines(text) ?? asWhole(text);
}

function byLines(text: string): readonly Listed[] | null {
  const found: Listed[] = [];
  const strange: Listed[] = [];
  let isList = false;
  let read = 0;
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.replace(/^\ufeff/, '').trim();
    if (line === '' || /^#(?!\d)/.test(line)) continue;
    const people = readMailboxes(line, { withBareNames: true });
    if (people === null) {
      const isTitle = found.length === 0 && strange.length === 0 && !/[@＠﹫]/u.test(line);
      if (isTitle && isAddressHeader(line)) continue;
      strange.push({ line: index + 1, name: '', address: line });
      continue;
    }
    read += 1;
    isList ||= people.length > 1 || people.some(({ name }) => name !== '') || /[<>]/.test(line);
    found.push(...people.map((one) => listed(one, index + 1)));
  }
  // A line that cannot be read is told about, as long as the rest is clearly a list.
  if (!isList || strange.length > read * 0.2) return null;
  return isColumnOfOthers(found) ? null : [...found, ...strange].toSorted((a, b) => a.line - b.line);
}

/** Recipients whose names are broken over two lines. */
function asWhole(text: string): readonly Listed[] | null {
  if (!/<[^<>]*@[^<>]*>/.test(text)) return null;
  const people = readMailboxes(text.replace(/[\r\n]/g, ' '), { withBareNames: true });
  if (!people) return null;
  return people.map((one) => listed(one, text.slice(0, one.at).split(/\r\n|\n|\r/).length));
}

function listed({ name, address }: Mailbox, line: number): Listed {
  return { line, name, address };
}

function isAddressHeader(line: string): boolean {
  const hint = hintOf(line.replace(/^"|"$/g, ''));
  return hint.field === 'email' && !hint.isOthers && line.length < 60 && !/[,;\t|]/.test(line);
}

/** The same address on line after line is an owner beside a tester: that is a table with two columns. */
function isColumnOfOthers(people: readonly Listed[]): boolean {
  const lines = new Set(people.map(({ line }) => line)).size;
  const distinct = new Set(people.map(({ address }) => address.toLowerCase())).size;
  return lines >= 3 && people.length >= lines * 2 && people.length - distinct >= lines - 1;
}
