/** What a single cell looks like, whatever its column is called. */
export type Kind =
  | 'empty'
  | 'address'
  | 'name'
  | 'date'
  | 'phone'
  | 'number'
  | 'flag'
  | 'url'
  | 'id'
  | 'secret'
  | 'postal'
  | 'text';

const ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]{2,}$/;
const MASKED = /^[*•●·×]{3,}$/u;
const URL_LIKE = /^(?:[a-z][a-z0-9+.-]*:\/\/|www\.)\S+$/i;
const MONTH = '(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)\\p{L}*\\.?';
const TIME = '(?:[T\\s,]+\\d{1,2}:\\d{2}.*)?';
const DATES = [
  `\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}${TIME}`,
  `\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{2,4}${TIME}`,
  `\\d{1,2}\\.?[\\s-]+${MONTH}[\\s,-]+\\d{2,4}${TIME}`,
  `(?:\\p{L}{2,9},?\\s+)?${MONTH}\\s+\\d{1,2}(?:st|nd|rd|th)?,?\\s+\\d{4}${TIME}`,
  '\\d{4}年\\d{1,2}月(?:\\d{1,2}日)?.*',
  '\\d{1,2}:\\d{2}(?::\\d{2})?(?:\\s?[ap]m)?',
].map((form) => new RegExp(`^${form}$`, 'iu'));
const PHONE = /^(?:tel:)?[+(]?\d[\d\s().\-/]{5,}\d(?:\s?(?:x|ext\.?)\s?\d+)?$/i;
const NUMBER = /^[+-]?[\d\s.,']*\d\s?%?$/;
const FLAGS = new Set(
  'yes no true false ja nein oui non si sí sim não tak nie да нет はい いいえ 是 否 y n x ✓ ✔ ✗ active inactive enabled disabled pending suspended invited accepted installed revoked email public_link member guest none null n/a na -'.split(
    ' ',
  ),
);
const IDS = [
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  /^[0-9a-f]{16,}$/i,
  /^(?=.*\d)[A-Z0-9]{8,}$/,
  /^(?=.*\d)(?=.*[a-z])[A-Za-z0-9_]{15,}$/,
];

/** Tells what a cell looks like. */
export function kindOf(cell: string): Kind {
  const text = cell.trim();
  if (text === '') return 'empty';
  if (MASKED.test(text)) return 'secret';
  if (isPlainAddress(text)) return 'address';
  if (URL_LIKE.test(text)) return 'url';
  if (DATES.some((form) => form.test(text))) return 'date';
  if (FLAGS.has(text.toLowerCase())) return 'flag';
  if (PHONE.test(text) && (text.match(/\d/g)?.length ?? 0) >= 7 && /^[+(]|[\s()\-/]/.test(text))
    return 'phone';
  if (NUMBER.test(text)) return 'number';
  if (IDS.some((form) => form.test(text))) return 'id';
  if (isSecretLike(text)) return 'secret';
  if (isNameLike(text)) return 'name';
  if (/\d/.test(text) && /\p{L}/u.test(text) && /,|\s.*\s/.test(text)) return 'postal';
  return 'text';
}

/** A bare address, or one in angle brackets with its name. */
export function isPlainAddress(text: string): boolean {
  const angled = /<([^<>]+)>\s*$/.exec(text)?.[1]?.trim();
  return ADDRESS.test((angled ?? text).replace(/^mailto:/i, ''));
}

/** Letters of any script with the signs that stand in names; no digits, no addresses, not a sentence. */
export function isNameLike(text: string): boolean {
  if (text.length === 0 || text.length > 80) return false;
  if (!/^[\p{L}\p{M}\s'’‘`.,()·・\-–/&\p{Cf}"]+$/u.test(text) || !/\p{L}/u.test(text)) return false;
  return text.split(/\s+/).length <= 6;
}

/** What password rules ask for: letters of both cases or a sign, and digits, without a space. */
function isSecretLike(text: string): boolean {
  if (text.length < 6 || text.length > 64 || /\s/.test(text) || !/\d/.test(text)) return false;
  if (/[^\p{L}\p{M}\d@,.:/_+-]/u.test(text)) return /\p{L}/u.test(text);
  return text.length >= 8 && /\p{Ll}/u.test(text) && /\p{Lu}/u.test(text);
}
