/** A piece of a text that App Store Connect refuses, or may refuse. */
export interface Refused {
  /** Where it begins, in UTF-16 units as a text field counts. */
  readonly index: number;
  readonly text: string;
  readonly what: 'lessThan' | 'emoji';
  /** Signs such as ✔ are pictures on some devices and letters on others: nobody has told how Apple takes them. */
  readonly isSure: boolean;
}

/** One picture with what is joined to it: a colour of skin, further pictures, the sign that it is one. */
const PICTURE = String.raw`(?:(?![©®™])(?:\p{Emoji_Presentation}|\p{Extended_Pictographic})(?:\uFE0F|\u200D|\p{Emoji_Modifier})*)+`;
const PIECES = new RegExp(
  String.raw`<|[0-9#*]\uFE0F?\u20E3|\p{Regional_Indicator}+|[©®™]\uFE0F|${PICTURE}|\uFE0F|\u20E3`,
  'gu',
);
const SURE = /<|\p{Emoji_Presentation}|\p{Regional_Indicator}|\uFE0F|\u20E3/u;

/** What of What to Test App Store Connect refuses as invalid characters, each at its place. */
export function refusedIn(text: string): Refused[] {
  return [...text.matchAll(PIECES)].map(({ index, 0: found }) => ({
    index,
    text: found,
    what: found === '<' ? 'lessThan' : 'emoji',
    isSure: SURE.test(found),
  }));
}

/** Characters as people count them, but for letters put together of several. */
export function charactersOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
