import { expect, it } from 'vitest';
import { readCrashReports } from '@/lib/crash/read';
import { signatureOf, topInAppFrame } from '@/lib/crash/signature';
import { BAD_ACCESS, ipsFile, textFile } from '../factories/crash-files';
import { seeded } from '../factories/mangled-names';

const PIECES = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ':',
    ',',
    '\n',
    '\r\n',
    '\0',
    '\uFEFF',
    '\uD800',
    '0x',
    '<',
    '>',
    '(',
    ')',
  ],
  ...['null', 'true', '-1', '1e999', '18446744073709551616', '"threads":', '"frames":[{"imageOffset":-1}]'],
  ...[
    '"__proto__":{"x":1}',
    '"bug_type":"309"',
    'Thread 99999999999 Crashed:',
    '0 ??? 0x0 ??? + 1',
    'Binary Images:',
  ],
  ...[
    'Incident Identifier: x',
    '0x0 - 0xffffffffffffffff ??? <> ???',
    '\u202Eabc',
    '😀',
    '    ',
    '[['.repeat(50),
  ],
];

function mutated(file: string, next: () => number): string {
  let text = file;
  for (let change = 0; change <= next() * 8; change += 1) {
    const at = Math.floor(next() * text.length);
    const length = Math.floor(next() * next() * 400);
    const piece = PIECES[Math.floor(next() * PIECES.length)] ?? '';
    const kind = next();
    if (kind < 0.3) text = text.slice(0, at) + piece + text.slice(at);
    else if (kind < 0.6) text = text.slice(0, at) + text.slice(at + length);
    else if (kind < 0.75)
      text = text.slice(0, at) + text.slice(at, at + length).repeat(3) + text.slice(at + length);
    else if (kind < 0.9) text = text.slice(0, at) + piece + text.slice(at + length);
    else text = text.slice(0, Math.max(1, at));
  }
  return text;
}

const ROUNDS = process.env.SOAK ? 500_000 : 20_000;

it(`reads ${ROUNDS} torn files without a throw`, { timeout: 60 * 60_000 }, () => {
  const draw = seeded(8);
  const next = () => draw(1_000_000) / 1_000_000;
  const small = { ...BAD_ACCESS, stack: BAD_ACCESS.stack.slice(0, 3) };
  const sources = [ipsFile(small), textFile(small), `{"bug_type":"109","name":"x"}\n${textFile(small)}`];
  for (let round = 0; round < ROUNDS; round += 1) {
    const file = mutated(sources[round % sources.length] ?? '', next);
    for (const report of readCrashReports(file)) {
      const signature = signatureOf(report);
      topInAppFrame(report);
      if (signature !== null && report.kind !== 'crash') expect(signature, file).toBe(report.kind);
    }
  }
  expect(readCrashReports(sources[0] ?? '')[0]?.kind).toBe('crash');
});

it.each<[string, string]>([
  ['deep lists', '['.repeat(5_000_000)],
  ['deep objects', '{"a":'.repeat(1_000_000)],
  ['noughts', '\0'.repeat(10_000_000)],
  ['blanks', ' '.repeat(10_000_000)],
  ['one long line', `Exception Type:${' x'.repeat(5_000_000)}`],
  ['brackets', `0 a 0x1 ${'('.repeat(15_000)}\n`.repeat(600)],
  ['angles', `0 a 0x1 ${'a<'.repeat(7_000)}\n`.repeat(600)],
  ['blanks in frames', `0 a${' '.repeat(15_000)}0x1 b\n`.repeat(600)],
  ['blanks in images', `0x1 - 0x2${' '.repeat(4_000)}a <\n`.repeat(2_000)],
  ['numbers', `{"bug_type":"309","exception":{},"pid":${'9'.repeat(1_000_000)}}`],
  ['many frames', `Thread 0 Crashed:\n${'0 Harbour 0x102001010 a + 1\n'.repeat(300_000)}`],
  ['many headings', 'Thread 0 Crashed:\n'.repeat(500_000)],
  ['many reports', 'Incident Identifier: x\n'.repeat(20_000)],
  ['many starts of JSON', '{\n'.repeat(2_000_000)],
])(
  'reads ten megabytes of %s soon',
  (_name, file) => {
    const before = process.cpuUsage();
    const reports = readCrashReports(file);
    for (const report of reports) signatureOf(report);
    const used = process.cpuUsage(before);
    expect(reports.length).toBeGreaterThan(0);
    // One second is the promise. A machine at work counts several times as much; what is not linear takes minutes.
    expect((used.user + used.system) / 1000).toBeLessThan(15_000);
  },
  60_000,
);
