import { decodeAs, type Encoding } from './encodings';

/** Says why a name looks as if it was damaged or is none; null when it looks right. */
export function brokenName(name: string): string | null {
  if (name === '') return null;
  if (/\ufffd/.test(name)) return 'a character was lost when the file was written or read';
  if (/\p{Cc}|\p{Co}|\p{Cn}|\p{Cs}/u.test(name)) {
    return 'it holds a control character';
  }
  if (/\?{2,}|\p{L}\?\p{L}|\?\p{L}|\p{L}\?$/u.test(name)) return 'question marks stand where letters were';
  if (/&(#\d+|#x[0-9a-f]+|[a-z]+);|%[0-9a-f]{2}%[0-9a-f]{2}|=\?[\w-]+\?[bq]\?|\\u[0-9a-f]{4}/i.test(name)) {
    return 'it holds codes instead of letters';
  }
  if (/[\p{L}\d._%+-]+@[\p{L}\d-]+\.|https?:|www\./iu.test(name)) return 'it holds an address';
  if (isMojibake(name)) return 'its letters were read in another encoding than they were written in';
  if (hasMixedWord(name)) return 'a word mixes Latin letters with those of another alphabet';
  return null;
}

/** UTF-8 that was read as something else, or one old encoding read as another. */
function isMojibake(name: string): boolean {
  if (!/\P{ASCII}/u.test(name)) return false;
  if (WRONG.some((encoding) => isUtf8ReadAs(name, encoding))) return true;
  if (/[\u2500-\u259f\uff61-\uff9f]/.test(name) && !/^[\uff61-\uff9f\s]+$/.test(name)) return true;
  if (
    /\p{L}[‰¸ˆ‡†¤§¶©®±¼½¾£¥€¿¡¢¬¦¹²³×÷¨¯µ∂∑√∞≈≠≤≥◊°]|[‰¸ˆ‡†¤§¶©®±¼½¾£¥€¿¢¬¦¹²³×÷¨¯µ∂∑√∞≈≠≤≥◊°]\p{L}/u.test(
      name,
    )
  )
    return true;
  return name
    .split(/[\s\-'’.]+/)
    .some((word) => /[À-ÖØ-öø-ÿ]{4}/.test(word) || (/^[À-ÖØ-öø-ÿ]{2,}$/.test(word) && [...word].length >= 2));
}

const WRONG: readonly Encoding[] = [
  'windows-1252',
  'macintosh',
  'windows-1251',
  'windows-1250',
  'koi8-r',
  'gb18030',
  'shift_jis',
];

/** Whether the bytes that give this text in a wrong encoding are UTF-8. */
function isUtf8ReadAs(name: string, encoding: Encoding): boolean {
  const table = tableOf(encoding);
  const bytes: number[] = [];
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    const found = code < 0x80 ? [code] : table.get(character);
    if (!found) return false;
    bytes.push(...found);
  }
  try {
    // Two letters of Latin and nothing else are a name in more languages than they are an accident.
    const right = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
    return right !== name && right.length < name.length && /\p{L}/u.test(right);
  } catch {
    return false;
  }
}

const tables = new Map<Encoding, ReadonlyMap<string, readonly number[]>>();

/** Character → bytes of an encoding, made once from its decoder. */
function tableOf(encoding: Encoding): ReadonlyMap<string, readonly number[]> {
  const known = tables.get(encoding);
  if (known) return known;
  const table = new Map<string, readonly number[]>();
  const note = (bytes: readonly number[]) => {
    const text = decodeAs(Uint8Array.from(bytes), encoding);
    if ([...text].length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, bytes);
  };
  for (let lead = 0x80; lead < 0x100; lead += 1) note([lead]);
  if (encoding === 'gb18030' || encoding === 'shift_jis') {
    for (let lead = 0x81; lead < 0xff; lead += 1) {
      for (let trail = 0x40; trail < 0xff; trail += 1) note([lead, trail]);
    }
  }
  tables.set(encoding, table);
  return table;
}

function hasMixedWord(name: string): boolean {
  return name
    .split(/[\s\-.]+/)
    .some((word) => /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word));
}
