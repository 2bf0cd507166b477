const BASE = 36;
const LOWEST = 1;
const HIGHEST = 26;
const LIMIT = 0x7fff_ffff;

/** Decodes an identifier as Swift encodes it: RFC 3492 with `_` as delimiter, a–z and A–J as digits. */
export function decodePunycode(text: string): string | undefined {
  const points: number[] = [];
  const delimiter = text.lastIndexOf('_');
  for (let i = 0; i < delimiter; i++) points.push(text.charCodeAt(i));
  let at = delimiter + 1;
  let value = 0x80;
  let place = 0;
  let bias = 72;
  while (at < text.length) {
    const before = place;
    for (let weight = 1, step = BASE; ; step += BASE) {
      const digit = digitOf(text.charCodeAt(at++));
      if (digit < 0) return undefined;
      place += digit * weight;
      if (place > LIMIT) return undefined;
      const threshold = Math.min(Math.max(step - bias, LOWEST), HIGHEST);
      if (digit < threshold) break;
      weight *= BASE - threshold;
      if (weight > LIMIT) return undefined;
    }
    const count = points.length + 1;
    bias = adapted(place - before, count, before === 0);
    value += Math.floor(place / count);
    if (value > 0x10_ffff) return undefined;
    place %= count;
    points.splice(place++, 0, value);
  }
  return textOf(points);
}

function digitOf(code: number): number {
  if (code >= 97 && code <= 122) return code - 97;
  if (code >= 65 && code <= 74) return code - 65 + 26;
  return -1;
}

function adapted(delta: number, count: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? 700 : 2));
  rest += Math.floor(rest / count);
  let step = 0;
  for (; rest > ((BASE - LOWEST) * HIGHEST) / 2; step += BASE) rest = Math.floor(rest / (BASE - LOWEST));
  return step + Math.floor(((BASE - LOWEST + 1) * rest) / (rest + 38));
}

/** Characters that a symbol may not hold are moved up to where surrogates would stand. */
function textOf(points: readonly number[]): string | undefined {
  let text = '';
  for (const point of points) {
    if (point >= 0xd880 && point < 0xe000) return undefined;
    text += String.fromCodePoint(point >= 0xd800 && point < 0xd880 ? point - 0xd800 : point);
  }
  return text;
}
