/** Encodings a person can choose, by the names TextDecoder knows. */
export const ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'macintosh',
  'koi8-r',
  'ibm866',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** 0x80 to 0x9F of Windows-1252; Node's own decoder takes them for control characters. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Bytes as text; what does not fit becomes U+FFFD. */
export function decodeAs(bytes: Uint8Array, encoding: Encoding): string {
  if (encoding !== 'windows-1252') return new TextDecoder(encoding, { ignoreBOM: false }).decode(bytes);
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (character) => WINDOWS[character.charCodeAt(0) - 0x80] ?? character);
}

export interface EncodingGuess {
  readonly encoding: Encoding;
  /** Whether no other encoding gives likely text as well. */
  readonly isSure: boolean;
}

/** In the order of preference where two give the same. */
const CANDIDATES: readonly Encoding[] = [
  'windows-1252',
  'windows-1251',
  'shift_jis',
  'gb18030',
  'macintosh',
  'euc-jp',
  'big5',
  'euc-kr',
  'windows-1250',
  'koi8-r',
  'ibm866',
  'windows-1253',
];
const SAMPLE_BYTES = 256 * 1024;

/** Guesses the encoding of bytes that are no UTF: each is tried, and the likeliest words win. */
export function guessEncoding(bytes: Uint8Array): EncodingGuess {
  const sample = sampleOf(bytes);
  const rated = CANDIDATES.map((encoding) => {
    const text = decodeAs(sample, encoding);
    // Central European texts are told by what would be no letters in Western ones; the rest is Western.
    const prior = encoding === 'windows-1250' ? 0.85 : 1;
    return { encoding, text, score: likelihood(text, encoding, sample) * prior };
  }).toSorted((a, b) => b.score - a.score);
  const [best, ...others] = rated;
  if (!best) return { encoding: 'windows-1252', isSure: false };
  const rival = others.find(({ text }) => text !== best.text);
  return { encoding: best.encoding, isSure: best.score >= 0.6 && best.score - (rival?.score ?? 0) >= 0.1 };
}

/** Only lines that hold more than ASCII tell anything. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  const lines: Uint8Array[] = [];
  let size = 0;
  let start = 0;
  for (let at = 0; at <= bytes.length && size < SAMPLE_BYTES; at += 1) {
    if (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) continue;
    const line = bytes.subarray(start, at + 1);
    if (line.some((byte) => byte >= 0x80)) {
      lines.push(line.subarray(0, SAMPLE_BYTES));
      size += line.length;
    }
    start = at + 1;
  }
  return Buffer.concat(lines);
}

/**
 * Words with at least one letter beyond ASCII, with the signs that cling to them. They are looked for from their
 * beginnings only: an endless one would else be read again from each of its letters.
 */
const WORDS = /(?<![A-Za-z'-])[A-Za-z'-]*(?!\s)\P{ASCII}(?:[A-Za-z'-]|(?!\s)\P{ASCII})*/gu;
const LONGEST_WORD = 128;

/** From 0 (no text at all) to 1: how much the words look like those of a language written in this encoding. */
function likelihood(text: string, encoding: Encoding, bytes: Uint8Array): number {
  const words = text.match(WORDS) ?? [];
  let sum = 0;
  let weight = 0;
  for (const word of words) {
    const size = [...word].filter((character) => character > '\u007f').length;
    weight += size;
    sum += size * rateWord(word.slice(0, LONGEST_WORD), encoding);
  }
  const rate = weight === 0 ? 0.5 : sum / weight;
  return EAST.has(encoding) ? Math.min(rate, commonPairs(bytes, encoding)) : rate;
}

const EAST = new Set<Encoding>(['shift_jis', 'gb18030', 'big5', 'euc-kr', 'euc-jp']);

function rateWord(word: string, encoding: Encoding): number {
  if (/[\ufffd\ue000-\uf8ff\u0080-\u009f]|\p{Cn}|\p{Co}/u.test(word)) return 0;
  if (EAST.has(encoding)) return rateEastern(word);
  const bare = word.replace(/^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu, '');
  // A sign alone: a dash, a quotation mark, a currency.
  if (bare === '') return /^[–—‘’“”„…•€£§©®°№«»]+$/u.test(word) ? 0.6 : 0.1;
  if (bare !== word && !/^[“”„«»‘’(]?[\p{L}\p{M}'’-]+[”«»’.…)]?$/u.test(word)) return 0.15;
  if (/[^\p{L}\p{M}'’\-.]/u.test(bare)) return 0.1;
  return rateCasing(bare) * rateScript(bare);
}

/** `Anna`, `anna` and `ANNA`, also `McLeod`; never `aNNA` or `AnNA`. */
function rateCasing(word: string): number {
  if (/\p{Ll}\p{Lu}{2}|^\p{Ll}\p{Lu}|\p{Ll}\p{Lu}(?!\p{Ll})|\p{Lu}{2}\p{Ll}/u.test(word)) return 0.3;
  return /\p{Ll}\p{Lu}/u.test(word) ? 0.6 : 1;
}

function rateScript(word: string): number {
  const letters = [...word].filter((letter) => /\p{L}/u.test(letter));
  const isCyrillic = letters.every((letter) => /\p{Script=Cyrillic}/u.test(letter));
  if (isCyrillic) {
    const plain = letters.filter((letter) => /[А-яЁёІіЇїЄєҐґЎў]/u.test(letter)).length / letters.length;
    // Wrongly read Cyrillic is still Cyrillic; what gives it away is that vowels are missing.
    const vowels = letters.filter((letter) => /[аеёиоуыэюяіїєў]/iu.test(letter)).length / letters.length;
    const isVoiced = letters.length < 3 || (vowels >= 0.2 && vowels <= 0.75);
    return plain * (isVoiced ? 1 : 0.55) * (/^\p{Ll}/u.test(word) ? 0.9 : 1);
  }
  if (letters.every((letter) => /\p{Script=Greek}/u.test(letter))) return 1;
  if (!letters.every((letter) => /\p{Script=Latin}/u.test(letter))) return 0.05;
  // Western words have few letters beyond ASCII, and never three in a row.
  if (/\P{ASCII}{3}/u.test(word)) return 0.2;
  const beyond = letters.filter((letter) => letter > '\u007f');
  if (letters.length >= 2 && beyond.length === letters.length) return 0.25;
  if (beyond.length === 0) return 0.5;
  const usual = beyond.filter((letter) =>
    /[áàâäãåæçéèêëíìîïñóòôöõøœßúùûüšžýÿÁÀÂÄÅÆÇÉÈÊÍÑÓÖØÚÜŠŽŒ]/u.test(letter),
  );
  const rate = 0.7 + 0.3 * (usual.length / beyond.length);
  const central = beyond.filter((letter) => /[ąćčďęěğłńňőřśťůűźżĄĆČĎĘŁŃŘŚŹŻ]/u.test(letter)).length;
  return Math.max(rate, central > 0 ? 0.95 : 0) * (beyond.length / letters.length > 0.6 ? 0.7 : 1);
}

function rateEastern(word: string): number {
  const characters = [...word].filter((character) => character > '\u007f');
  // Half-width katakana: what other encodings look like when they are read as Shift JIS.
  const half = characters.filter((character) => character >= '\uff61' && character <= '\uff9f').length;
  const written = characters.filter((character) =>
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々〆・、。「」（）；：，！？　]/u.test(
      character,
    ),
  ).length;
  // Latin letters glued to ideographs stem from half a pair.
  const isGlued = /[A-Za-z](?=\P{ASCII})|\P{ASCII}[A-Za-z]/u.test(word) ? 0.6 : 1;
  return Math.max(0, (written - half * 0.8) / characters.length) * isGlued;
}

/** The share of two-byte characters that stand in the part of the table with the common ones. */
function commonPairs(bytes: Uint8Array, encoding: Encoding): number {
  let common = 0;
  let all = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    const trail = bytes[at + 1] ?? 0;
    if (encoding === 'shift_jis' && lead >= 0xa1 && lead <= 0xdf) {
      all += 1;
      continue;
    }
    all += 1;
    at += 1;
    common += weightOf(encoding, lead, trail);
  }
  return all === 0 ? 0 : common / all;
}

function weightOf(encoding: Encoding, lead: number, trail: number): number {
  const isHigh = trail >= 0xa1 && trail <= 0xfe;
  switch (encoding) {
    case 'gb18030':
      if (!isHigh) return 0.35;
      return lead >= 0xb0 && lead <= 0xd7 ? 1 : lead >= 0xa1 && lead <= 0xa3 ? 0.8 : lead <= 0xf7 ? 0.6 : 0;
    case 'euc-kr':
      // Slightly less than the same bytes in Chinese: there are more such files, and a person is asked.
      return isHigh && lead >= 0xb0 && lead <= 0xc8 ? 0.97 : isHigh && lead >= 0xca ? 0.3 : 0.2;
    case 'big5':
      if (!isHigh && (trail < 0x40 || trail > 0x7e)) return 0;
      return lead >= 0xa4 && lead <= 0xc6 ? 0.95 : lead >= 0xc9 && lead <= 0xf9 ? 0.4 : 0.2;
    case 'euc-jp':
      return isHigh && (lead === 0xa4 || lead === 0xa5)
        ? 0.95
        : isHigh && lead >= 0xb0 && lead <= 0xcf
          ? 0.9
          : 0.4;
    default:
      if (lead === 0x82 || lead === 0x83) return 1;
      return lead >= 0x88 && lead <= 0x97 ? 1 : lead <= 0x9f ? 0.7 : lead >= 0xe0 && lead <= 0xea ? 0.5 : 0.1;
  }
}
