import { expect, it } from 'vitest';
import { crashKind } from '@/lib/crash/kind';
import { readCrashReport } from '@/lib/crash/read';
import { signatureOf } from '@/lib/crash/signature';
import { thrownIn } from '@/lib/crash/thrown';
import { type CrashPlan, ipsFile, textFile } from '../../factories/crash-files';

const TERMINATING = '*** Terminating app due to uncaught exception';

it.each<[string, string, string | null]>([
  [`${TERMINATING} 'NSRangeException', reason: 'index 3'`, 'NSRangeException', 'index 3'],
  [
    `${TERMINATING} 'X', reason: 'Invalid update:\nsection 1 has 2 rows,\nnot 3'\n*** First throw call stack:`,
    'X',
    'Invalid update:\nsection 1 has 2 rows,\nnot 3',
  ],
  [`${TERMINATING} 'X', reason: 'it isn't 'there''`, 'X', "it isn't 'there'"],
  [`${TERMINATING} 'X', reason: 'cut off\nabort() called`, 'X', 'cut off'],
  [`${TERMINATING} 'X', reason: nothing of it\nabort() called`, 'X', 'nothing of it'],
  [`${TERMINATING} 'com.acme-sdk.Error', reason: 'x'`, 'com.acme-sdk.Error', 'x'],
  [`${TERMINATING} 'Ошибка', reason: 'x'`, 'Ошибка', 'x'],
  [`${TERMINATING} 'NSException', reason: 'boom'`, 'NSException', 'boom'],
  [`terminating due to uncaught exception of type NSException\n${TERMINATING} 'X', reason: 'y'`, 'X', 'y'],
  [
    'terminating with uncaught exception of type std::runtime_error: broken\nabort()',
    'std::runtime_error',
    'broken',
  ],
  ['uncaught exception of type std::__1::bad_function_call', 'std::__1::bad_function_call', null],
  [
    `${TERMINATING} 'RCTFatalException: Unhandled JS Exception: Can't find order 7', reason: 'Unhandled JS Exception'`,
    'RCTFatalException',
    'Unhandled JS Exception',
  ],
])('%j', (text, name, reason) => {
  expect(thrownIn([text])).toEqual({ name, reason });
  expect(thrownIn(text.split('\n'))).toEqual({ name, reason });
});

it.each(['nothing', 'uncaught exception', 'terminating due to uncaught exception of type NSException'])(
  '%j tells of none',
  (text) => expect(thrownIn([text])).toBeNull(),
);

it('counts a crash once whatever was put into the name of its exception', () => {
  const plan = (order: number): CrashPlan => {
    const name = `RCTFatalException: Unhandled JS Exception: Error: order ${order} not found`;
    return {
      type: 'EXC_CRASH',
      signal: 'SIGABRT',
      stack: [['libsystem_kernel.dylib', '__pthread_kill', 8]],
      thrown: [['Harbour', '-[Orders find:]', 100]],
      asi: { CoreFoundation: [`${TERMINATING} '${name}', reason: 'Unhandled JS Exception: order ${order}'`] },
      body: { exceptionReason: { type: 'objc-exception', name } },
    };
  };
  const files = [1001, 1002].flatMap((order) => [ipsFile(plan(order)), textFile(plan(order))]);
  const reports = files.map((file) => readCrashReport(file));
  expect(new Set(reports.map(crashKind))).toEqual(new Set(['NSEXCEPTION RCTFatalException']));
  expect(new Set(reports.map((report) => signatureOf(report)?.issue)).size).toBe(1);
  const { asi: _, ...bare } = plan(1001);
  expect(readCrashReport(ipsFile(bare)).thrown).toMatchObject({
    name: 'RCTFatalException',
    reason: 'Unhandled JS Exception: Error: order 1001 not found',
  });
  const numbered = { exceptionReason: { name: 'Order 1001 Error' } };
  expect(crashKind(readCrashReport(ipsFile({ ...bare, body: numbered })))).toBe('NSEXCEPTION Order # Error');
});
