import { diffIndices } from 'node-diff3';

/** A piece of two texts: in both, or in one of them alone. */
export interface DiffPiece {
  readonly text: string;
  readonly side: 'both' | 'left' | 'right';
}

/** What differs between two texts, word by word, in the order they are read in. */
export function wordDiff(left: string, right: string): DiffPiece[] {
  const [before, after] = [wordsOf(left), wordsOf(right)];
  const pieces: DiffPiece[] = [];
  const add = (side: DiffPiece['side'], words: readonly string[]) => {
    if (words.length > 0) pieces.push({ side, text: words.join('') });
  };
  let at = 0;
  for (const {
    buffer1: [from, length],
    buffer1Content,
    buffer2Content,
  } of diffIndices(before, after)) {
    add('both', before.slice(at, from));
    add('left', buffer1Content);
    add('right', buffer2Content);
    at = from + length;
  }
  add('both', before.slice(at));
  return pieces;
}

/** Words, each with what stands before it: a space by itself would be found everywhere. */
const wordsOf = (text: string): string[] => text.match(/\s*\S+|\s+/g) ?? [];
