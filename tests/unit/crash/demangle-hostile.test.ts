import { describe, expect, it } from 'vitest';
import { demangle } from '@/lib/crash/demangle/demangle';
import { Mangler, mutated, seeded } from '../../factories/mangled-names';

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const LENGTH = 29_000;

/** Whether a name was read; what is read can be shown as it is. */
function isRead(symbol: string): boolean {
  for (const simplified of [false, true]) {
    const text = demangle(symbol, { simplified });
    if (text === null) return false;
    if (text === '' || CONTROL.test(text))
      throw new Error(`${JSON.stringify(symbol)} is said as ${JSON.stringify(text)}`);
  }
  return true;
}

const repeated = (start: string, part: string, end = ''): string =>
  start + part.repeat((LENGTH - start.length - end.length) / part.length) + end;

const nested = (): string => {
  let symbol = '$s1a';
  while (symbol.length < 20_000) symbol = `$s1ayyF${symbol.length}${symbol}Tf4pf_n`;
  return symbol;
};

const letters = [...'ABCDEFGHIJKLMNOPQRSTUV'];

describe('names of every kind', () => {
  it('are read for the most part, and never say what moves the text around them', () => {
    const mangler = new Mangler(seeded(7));
    const read = Array.from({ length: 1500 }, () => mangler.symbol()).filter(isRead);
    expect(read.length).toBeGreaterThan(600);
  });

  it('are read or given up when something in them is broken', () => {
    const random = seeded(11);
    const mangler = new Mangler(random);
    const read = Array.from({ length: 3000 }, () => mutated(mangler.symbol(), random)).filter(isRead);
    expect(read.length).toBeGreaterThan(50);
    expect(read.length).toBeLessThan(2700);
  });
});

describe('names that are made to take long, or much room', () => {
  it.each([
    ['of more characters than a compiler writes', `$s${'x'.repeat(100_000)}`],
    ['of types of types', repeated('$sx', 'm')],
    ['of optionals of optionals', repeated('$sx', 'Sg')],
    ['of arrays within arrays', `$s${'Say'.repeat(7000)}x${'G'.repeat(7000)}`],
    ['of a tuple without end', repeated('$sx_', 'x')],
    ['of contexts within contexts', repeated('$s1a', '1bV')],
    ['of closures within closures', repeated('$s1a1byyF', 'yycfU_')],
    ['of arguments for contexts', `$s1a${'1bV'.repeat(290)}y${'x_'.repeat(289)}xG`],
    ['of repeated repeats', `$s1a${'2048A'.repeat(5000)}`],
    ['of repeated standard types', `$s${'2048Si'.repeat(4000)}`],
    ['that double with every step', `$sSDySiSiG${letters.map((one) => `SDy2A${one}G`).join('')}`],
    ['of one word over and over', `$s5000${'ab'.repeat(2500)}${`0${'a'.repeat(2000)}0`.repeat(10)}`],
    ['of a number too large', `$s${'9'.repeat(LENGTH)}`],
    ['of a count too large', `$sr${'2147483646_'.repeat(2000)}l`],
    ['of long punycode', `$s009000${'baaa'.repeat(2250)}`],
    ['of punycode that goes too high', `$s009000${'J'.repeat(9000)}`],
    ['of requirements without end', repeated('$s', 'SHRz', 'l')],
    ['of specialisations of symbols within symbols', nested()],
    ['of thunks of thunks', repeated('$s1ayyF', 'TA')],
    ['of types of types, as they were before', repeated('_Tt', 'M')],
    ['of bound types, as they were before', repeated('_Tt', 'G')],
    ['of tuples, as they were before', repeated('_Tt', 'T')],
    ['of extensions, as they were before', repeated('_TF', 'E')],
    ['of functions, as they were before', repeated('_TF', 'F')],
    ['of static things, as they were before', repeated('_T', 'Z')],
    ['of forwarders of forwarders, as they were before', repeated('_T', 'PA__T')],
    ['of vectors, as they were before', repeated('_Tt', 'Bv1')],
    ['of depths, as they were before', repeated('_Ttu', '_')],
  ])('%s come back', (_, symbol) => {
    const started = performance.now();
    isRead(symbol);
    // They take milliseconds; one that grew with its depth or doubled would take hours.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
