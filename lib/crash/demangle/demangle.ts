import { giveUp, isGivenUp, type Node } from './node';
import { readOldName } from './old-symbols';
import { readName } from './operators';
import { printName } from './print';

/** Longer than any name that a compiler writes; what is longer is hostile or broken. */
const LONGEST = 30_000;
const DEEPEST_NESTING = 3;

const PREFIXES = ['$s', '_$s', '$S', '_$S', '$e', '_$e', '_T0', '@__swiftmacro_'];

/** Nothing that could move the text around it: controls, line ends, overrides of direction. */
const UNFIT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Reads a mangled Swift name as `swift demangle` does, or gives null where any part of it cannot be read. */
export function demangle(symbol: string, options: { simplified?: boolean } = {}): string | null {
  return demangled(symbol, options.simplified === true, true, 0);
}

function demangled(symbol: string, simplified: boolean, sugar: boolean, nesting: number): string | null {
  if (symbol.length > LONGEST || !/^[\x21-\x7e]+$/.test(symbol)) return null;
  try {
    const nodes = treeOf(symbol.startsWith('__') ? symbol.slice(1) : symbol);
    if (!nodes) return null;
    const nested = (inner: string): string => nestedName(inner, nesting);
    const text = printName(nodes, { simplified, sugar, nested });
    return text === '' || UNFIT.test(text) ? null : text;
  } catch (error) {
    if (isGivenUp(error)) return null;
    throw error;
  }
}

function treeOf(symbol: string): Node[] | undefined {
  const prefix = PREFIXES.find((one) => symbol.startsWith(one));
  if (prefix !== undefined) return readName(symbol.slice(prefix.length), prefix === '_T0');
  return symbol.startsWith('_T') ? readOldName(symbol.slice(2)) : undefined;
}

/** A symbol within another is written without sugar. */
function nestedName(symbol: string, nesting: number): string {
  if (!symbol.startsWith('_T') && !PREFIXES.some((one) => symbol.startsWith(one))) return symbol;
  const text = nesting < DEEPEST_NESTING ? demangled(symbol, false, false, nesting + 1) : null;
  return text ?? giveUp();
}
