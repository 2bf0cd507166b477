import { functionOf } from '@/lib/crash/normalise';
import type { CrashReport } from '@/lib/crash/report';
import { stackOf } from '@/lib/crash/signature';
import { searchedText } from '@/lib/store/text';

/** So many letters of a log are searched: its index takes as long as it is large. */
const MOST = 3_000;

/** What a log says that people look for: what ended the app, what was said, and the functions of the stack that tells it. */
export function logWords(report: CrashReport): string {
  const { exception, termination, thrown, applicationInfo } = report;
  const said = [
    exception?.type,
    exception?.subtype,
    exception?.message,
    termination?.namespace,
    ...(termination?.reasons ?? []),
    thrown?.name,
    thrown?.reason,
    ...applicationInfo.flatMap(({ lines }) => lines),
  ];
  const called = stackOf(report).map(({ symbol, binary }) =>
    symbol === null ? binary : (functionOf(symbol, binary) ?? symbol),
  );
  const words = new Set([...said, ...called].flatMap((word) => (word ? [word.slice(0, MOST)] : [])));
  return searchedText([...words].join(' ').slice(0, MOST));
}
