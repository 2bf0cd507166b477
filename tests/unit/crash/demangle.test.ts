import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { demangle } from '@/lib/crash/demangle/demangle';

/** Three lines for each name: as it is mangled, as `swift demangle -compact` says it, and `-simplified`. */
const NAMES = readFileSync('tests/factories/swift-names.txt', 'utf8')
  .trim()
  .split(/\n(?! )/)
  .map((lines) => lines.split('\n  '));

describe('a mangled Swift name', () => {
  it.each(NAMES)('%s', (symbol = '', full, simplified) => {
    expect(demangle(symbol)).toBe(full);
    expect(demangle(symbol, { simplified: true })).toBe(simplified);
  });

  it('is there in every form', () => {
    expect(NAMES.length).toBeGreaterThan(200);
  });
});

describe('what is no mangled Swift name, or none that can be read', () => {
  it.each([
    '',
    '$s',
    '_$s',
    '$',
    'main',
    'objc_msgSend',
    '_ZN7Orchard6Basket4planEv',
    '-[Basket plan]',
    'start_wqthread',
    's7Orchard6BasketC',
    '_T',
    '_Tt',
    '_TtC',
    '_TtC7Orchard',
    '_TtC7Orchard60Basket',
    '_TIFFOpen',
    '_Task',
    '$s7Orchard6BasketC4plan',
    '$s7Orchard6BasketC4planyy',
    '$s7Orchard6Basket',
    '$s70Orchard',
    '$s7Orchard6BasketC4planyyFÿ',
    '$s7Orchard6BasketC4planyyF extra',
    '$s7Orchard6BasketC4planyyF\u0000',
    '$s7Orchard6BasketC4planyyF\n',
    '$sAA',
    '$s7Orchard0z3AppV',
    '$s7Orchard00aV',
    '$s7Orchard6BasketC5countSivq',
    '$s7Orchard6BasketC4planyyFTZ',
    '$s7Orchard6BasketC4planyyFTg5',
    '$s7Orchard4plan3fooyyFTJfSpSr',
    // Two things beside each other are no name, though each could be read.
    '$sSiSS',
    '$s7Orchard6BasketCSi',
    '$sy',
    '$s_',
    // A name may not turn the text around it.
    '$s7Orchard009evil_udHayyF',
  ])('%j stays raw', (symbol) => {
    expect(demangle(symbol)).toBeNull();
    expect(demangle(symbol, { simplified: true })).toBeNull();
  });
});
