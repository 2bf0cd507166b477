import { expect, it } from 'vitest';
import { readCrashReport } from '@/lib/crash/read';
import { signatureOf } from '@/lib/crash/signature';
import { BAD_ACCESS, ipsFile, textFile } from '../../factories/crash-files';

const IPS = ipsFile({ ...BAD_ACCESS, crashed: 2 });
const TEXT = textFile({ ...BAD_ACCESS, crashed: 2 });
const SYSTEM = 'iPhone OS 26.1 (23B85)';

const watchdog = (reason: string) =>
  ipsFile({
    ...BAD_ACCESS,
    termination: { namespace: 'FRONTBOARD', code: 0x8badf00d, reasons: [reason] },
    asi: { UIKitCore: [reason] },
  });
/** Several, since of each only the beginning is looked at. */
const named = (symbol: string) =>
  ipsFile({
    stack: Array.from(
      { length: Math.ceil(symbol.length / 25_000) },
      (_, at) => ['Harbour', `${at}${symbol.slice(0, 25_000)}`, at] as const,
    ),
  });

/** Something of any size that somebody may have put into a report. */
const HOSTILE: readonly (readonly [string, (size: number) => string])[] = [
  ['blanks in the system of a header', (size) => `{"bug_type":"309","os_version":"x${' '.repeat(size)}x"}`],
  ['blanks in the system of a text', (size) => TEXT.replace(SYSTEM, `x${' '.repeat(size)}x`)],
  ['blanks in a version', (size) => TEXT.replace('412 (4.2)', `x${' '.repeat(size)}x`)],
  ['blanks in a process', (size) => TEXT.replace('Harbour [812]', `x${' '.repeat(size)}x`)],
  ['blanks in a code type', (size) => TEXT.replace('ARM-64 (', `x${' '.repeat(size)}x`)],
  [
    'threads and binaries',
    (size) => {
      const times = (make: (at: number) => string) =>
        Array.from({ length: size / 40 }, (_, at) => make(at)).join('');
      const threads = times((at) => `\nThread ${at}:\n0   Harbour  0x${(at + 0x1000).toString(16)} x + 1\n`);
      const images = times(
        (at) => `0x${(at * 16).toString(16)}0 - 0x${(at * 16 + 9).toString(16)}0 B${at} arm64\n`,
      );
      return `${TEXT}${threads}\nBinary Images:\n${images}`;
    },
  ],
  ['blank lines', (size) => `${'\n'.repeat(size)}${TEXT}${'\n'.repeat(size)}`],
  [
    'lines that go on',
    (size) => TEXT.replace('Exception Type:', `Termination Reason: x\n${'a\n'.repeat(size)}Exception Type:`),
  ],
  [
    'numbers above a stack',
    (size) => TEXT.replace('Thread 2 Crashed:', `${'2 '.repeat(size)}\nThread 2 Crashed:`),
  ],
  ...['a', 'a-', 'a watchdog ', 'failed to a', ' '].map(
    (word) =>
      [
        `${word} in the reason of a watchdog`,
        (size: number) => watchdog(word.repeat(size / word.length)),
      ] as const,
  ),
  ...['.1', '.cold', ' (.x)', ' [clone a]', ' ', '(', '<'].map(
    (tail) =>
      [
        `${tail} in the name of a function`,
        (size: number) => named(`a${tail.repeat(size / tail.length)}`),
      ] as const,
  ),
  ...[' ', "'", ', ', ', reason:', "' ", 'uncaught exception ', "uncaught exception 'x', reason: '"].map(
    (word) =>
      [
        `${word} in what was thrown`,
        (size: number) =>
          TEXT.replace(
            'Triggered by',
            `Application Specific Information:\nuncaught exception of type x${word.repeat(size / word.length)}x\n\nTriggered by`,
          ),
      ] as const,
  ),
  ['names of facts', (size) => `{${'"app_name":'.repeat(size / 11 - 1000)}}`],
  ['names of facts on lines', (size) => '{"app_name":}\n'.repeat(size / 14)],
  ['blanks before a title', (size) => `{"bug_type":"309","app_name":"x"}\n`.padStart(size)],
  ['blanks before another title', (size) => `${' '.repeat(size)}\n${' '.repeat(size)}x\n${IPS}`],
];

/** A whole log has a few hundred kilobytes; what is quadratic takes minutes for so much of one sign. */
it.each(HOSTILE)('%s cost no more time than they are long', (_name, make) => {
  const file = make(100_000);
  const started = performance.now();
  signatureOf(readCrashReport(file));
  expect(performance.now() - started).toBeLessThan(1500);
});

it.each([
  [SYSTEM, 'iPhone OS', '26.1', '23B85'],
  ['macOS 14.4.1 (Build 23E224)', 'macOS', '14.4.1', '23E224'],
  ['  Mac OS X 10.15  ', 'Mac OS X', '10.15', null],
  ['26.1', null, '26.1', null],
  ['visionOS', 'visionOS', null, null],
])('%s is taken apart', (system, os, osVersion, osBuild) => {
  const header = JSON.stringify({ bug_type: '309', app_name: 'Harbour', os_version: system });
  expect(readCrashReport(header).device).toMatchObject({ os, osVersion, osBuild });
  expect(readCrashReport(TEXT.replace(SYSTEM, system)).device).toMatchObject({ os, osVersion, osBuild });
  expect(readCrashReport(IPS).device.osVersion).toBe('26.1');
});
