/** Marks that show nothing: soft hyphens, joiners, direction marks, variation selectors, control characters. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu;
const SPACES = /[\s\u2800]+/gu;
/** What a person types for a name that shows nothing. */
const UNNAMED = 'unnamed';

/** A text as a person sees it: one spelling of what looks alike, one space for many, nothing that is invisible. */
export function asSeen(text: string): string {
  return (
    text
      .normalize('NFKC')
      // Phones turn straight quotes and hyphens into typographic ones by themselves.
      .replace(/[\u2018\u2019\u201b\u02bc\u2032\u00b4`]/g, "'")
      .replace(/[\u201c-\u201f\u2033\u00ab\u00bb]/g, '"')
      .replace(/[\u2010-\u2015\u2212]+|--+/g, '-')
      .replace(SPACES, ' ')
      .replace(INVISIBLE, '')
      .replace(SPACES, ' ')
      .trim()
      .normalize('NFKC')
  );
}

/** What has to be typed for a name: the name itself, or a word where it shows nothing. */
export function wordToType(name: string): string {
  return asSeen(name) === '' ? UNNAMED : name;
}

/** Whether what was typed is the name, or the number with or without separators, as a person sees both. */
export function isSameTyped(expected: string | number, typed: string | number | undefined): boolean {
  const seen = asSeen(String(typed ?? ''));
  if (typeof expected === 'string') return seen === asSeen(wordToType(expected));
  const digits = seen.replace(/[\s,.'_\u066b\u066c]/g, '').replace(/\p{Nd}/gu, digitOf);
  return /^\d+$/.test(digits) && Number(digits) === expected;
}

/** Digits of every script stand in rows of ten, each beginning with its zero. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}
