import type { Frame } from './report';

/** Where the address stands; before it the number and the binary, whose name may hold anything, behind it the place. */
const ADDRESS = /[ \t](0x[0-9a-fA-F]{1,16})(?=[ \t]|$)/;
/** A line of the older text cannot be longer than this and be a frame. */
const LONGEST = 20_000;

/** Reads one line of a backtrace; null when it is none. */
export function frameIn(line: string): Frame | null {
  if (line.length > LONGEST || !/^[ \t>]*\d/.test(line)) return null;
  const spaced = /\t| {2}/.test(line) ? line.replace(/[ \t]+/g, ' ') : line;
  const found = ADDRESS.exec(spaced);
  const address = found?.[1];
  if (found === null || address === undefined) return null;
  const before = /^[ >]*(\d{1,6}) (\S.*)$/.exec(spaced.slice(0, found.index));
  const [, index, binary] = before ?? [];
  if (index === undefined || binary === undefined) return null;
  const name = binary === '???' ? null : binary;
  const told = placeIn(spaced.slice(found.index + found[0].length).trim(), name);
  return { index: Number(index), binary: name, image: null, address: shortened(address), ...told };
}

/** A call of which only the address is known. */
export const frameAt = (index: number, address: string): Frame => ({
  ...{ index, binary: null, image: null, symbol: null, symbolOffset: null, address, offset: null },
  ...{ file: null, line: null, isInlined: false },
});

/** The frames among some lines. */
export function framesIn(lines: readonly string[]): Frame[] {
  return lines.flatMap((line) => frameIn(line) ?? []);
}

/** `name + 52 (File.swift:12) [inlined]`, `0x102000000 + 52`, `Binary + 52`, with or without each part. */
function placeIn(text: string, binary: string | null): Omit<Frame, 'index' | 'binary' | 'image' | 'address'> {
  let rest = text;
  const isInlined = /\[inlined\]/.test(rest);
  if (isInlined) rest = rest.replace('[inlined]', '').trim();
  const last = lastBrackets(rest);
  const numbered = /^(.*?):(\d{1,9})(?::\d+)?$/.exec(last ?? '');
  const file = numbered?.[1] ?? (/^\S.*\.\w{1,6}$/.test(last ?? '') ? last : null);
  if (file && last !== null) rest = rest.slice(0, -last.length - 2).trim();
  const where = lastBrackets(rest);
  if (where?.startsWith('in ')) rest = rest.slice(0, -where.length - 2).trim();
  const plus = rest.lastIndexOf('+');
  const bytes = plus < 0 ? '' : rest.slice(plus + 1).trim();
  const hasBytes = /^(?:0x[0-9a-f]+|\d+)$/i.test(bytes);
  const name = (hasBytes ? rest.slice(0, plus) : rest).trim();
  const distance = hasBytes ? safe(Number(bytes)) : null;
  const isBase = /^(?:0x[0-9a-fA-F]+|0)$/.test(name) || (name !== '' && name === binary);
  const isUnknown = name === '' || isBase || /^(?:\?\?\?|<redacted>|<unknown>|<unavailable>)$/.test(name);
  return {
    symbol: isUnknown ? null : name,
    symbolOffset: isBase ? null : distance,
    offset: isBase ? distance : null,
    file: file || null,
    line: numbered?.[2] === undefined ? null : safe(Number(numbered[2])),
    isInlined,
  };
}

/** What stands between the brackets that end a text. */
function lastBrackets(text: string): string | null {
  if (!text.endsWith(')')) return null;
  const open = text.lastIndexOf('(');
  const inside = text.slice(open + 1, -1);
  return open < 0 || inside.includes(')') ? null : inside;
}

const safe = (value: number) => (Number.isSafeInteger(value) ? value : null);

/** Without the noughts in front. */
function shortened(address: string): string {
  return `0x${address
    .slice(2)
    .toLowerCase()
    .replace(/^0+(?=.)/, '')}`;
}
