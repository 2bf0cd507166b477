import { expect, it } from 'vitest';
import { readCrashReport } from '@/lib/crash/read';
import { signatureOf } from '@/lib/crash/signature';
import { BAD_ACCESS, ipsFile, textFile } from '../../factories/crash-files';

const IPS = ipsFile({ ...BAD_ACCESS, crashed: 2 });
const TEXT = textFile({ ...BAD_ACCESS, crashed: 2 });
const SYSTEM = 'iPhone OS 26.1 (23B85)';

/** Something of any size that somebody may have put into a report. */
const HOSTILE: readonly (readonly [string, (size: number) => string])[] = [
  ['blanks in the system of a header', (size) => `{"bug_type":"309","os_version":"x${' '.repeat(size)}x"}`],
  ['blanks in the system of a text', (size) => TEXT.replace(SYSTEM, `x${' '.repeat(size)}x`)],
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
