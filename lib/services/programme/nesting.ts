import { CST, Lexer } from 'yaml';

/** Brackets in brackets: a file of ours has four. */
const MOST_OPEN = 30;
/** Each level takes a column at least, so that this bounds how deep lists and names stand in each other. */
const FURTHEST_COLUMN = 200;
/** A file of 500 groups with all they may have takes a third. */
const MOST_TOKENS = 100_000;

/**
 * Whether a text is so deeply nested, or of so many parts, that taking it apart would take the process along: the parser
 * calls itself for each level, and ends with the process where there are too many. Read token by token, so that it
 * costs nothing to say so.
 */
export function isSwollen(text: string): boolean {
  let open = 0;
  let column = 0;
  let count = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    count += 1;
    if (count > MOST_TOKENS) return true;
    const type: string | null = isScalar ? 'text' : CST.tokenType(token);
    isScalar = type === 'scalar';
    // A text may end with its line.
    const end = token.lastIndexOf('\n');
    if (!isScalar) column = end < 0 ? column + token.length : token.length - end - 1;
    switch (type) {
      case 'flow-map-start':
      case 'flow-seq-start':
        open += 1;
        break;
      case 'flow-map-end':
      case 'flow-seq-end':
        open -= 1;
        break;
      case 'seq-item-ind':
      case 'explicit-key-ind':
      case 'map-value-ind':
        if (open === 0 && column > FURTHEST_COLUMN) return true;
        break;
      default:
    }
    if (open > MOST_OPEN) return true;
  }
  return false;
}
