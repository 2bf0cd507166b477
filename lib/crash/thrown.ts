/** More of a binary's own words is not looked at, nor more of one exception, nor more of them. */
const LONGEST = 100_000;
const LONGEST_ONE = 5000;
const MOST = 50;
const UNCAUGHT = /uncaught exception(?: of (?:type|class))?[ \t]{1,9}/g;

interface Thrown {
  readonly name: string;
  readonly reason: string | null;
}

/** The exception that an application's own words tell of: "… uncaught exception 'Name', reason: '…'". */
export function thrownIn(lines: readonly string[]): Thrown | null {
  const text = lines.join('\n').slice(0, LONGEST);
  const starts = [...text.matchAll(UNCAUGHT)].slice(0, MOST);
  const all = starts.flatMap(({ index, 0: words }, at) => {
    const from = index + words.length;
    return (
      exceptionIn(text.slice(from, Math.min(from + LONGEST_ONE, starts[at + 1]?.index ?? Infinity))) ?? []
    );
  });
  // "of type NSException" says only that it was one.
  const told = all.filter(({ name, reason }) => name !== 'NSException' || reason !== null);
  return told.find(({ reason }) => reason !== null) ?? told[0] ?? null;
}

/** `'Name', reason: '…'`, which may have several lines; `std::runtime_error: what it said`, which has one. */
function exceptionIn(text: string): Thrown | null {
  const [line = ''] = text.split('\n', 1);
  const quoted = /^['"‘“]([^'"‘’“”]{1,200})['"’”]/.exec(line)?.[1];
  const plain = line.replace(/^['"‘“]/, '');
  const { name, rest } = namedIn(quoted ?? plain.slice(0, /,\s{0,9}reason:/.exec(plain)?.index));
  if (!/^[\p{L}_]/u.test(name)) return null;
  const at = /,\s{0,9}reason:\s{0,9}/.exec(text);
  const reason = at === null ? rest : reasonIn(text.slice(at.index + at[0].length));
  return { name, reason: reason || rest || null };
}

/** A name may have what was said behind it; colons without a blank are part of it. */
export function namedIn(text: string): { name: string; rest: string | null } {
  const end = /:(?=\s|$)/.exec(text)?.index;
  return {
    name: text.slice(0, end).trim().slice(0, 200),
    rest: (end === undefined ? '' : text.slice(end + 1).trim()) || null,
  };
}

/** Up to the quotation mark at the end of a line; where there is none the text was cut, or never had any. */
function reasonIn(text: string): string | null {
  const isQuoted = /^['"‘“]/.test(text);
  const whole = isQuoted ? /^.([\s\S]*?)['"’”][ \t]*(?:$|\n)/.exec(text)?.[1] : undefined;
  const [line = ''] = text.split('\n', 1);
  return (whole ?? line.slice(isQuoted ? 1 : 0)).trim() || null;
}
