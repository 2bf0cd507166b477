import { fieldsOf, type Json, listOf } from './json';
import type { OtherReport, ReportKind } from './report';

/** Apple's numbers of reports that are no crashes (as they are written into `bug_type`). */
const OTHER: ReadonlyMap<string, OtherReport> = new Map(
  Object.entries({
    '98': 'jetsam',
    '198': 'jetsam',
    '298': 'jetsam',
    '188': 'stackshot',
    '288': 'stackshot',
    '509': 'stackshot',
    '10': 'panic',
    '110': 'panic',
    '210': 'panic',
    '11': 'spin',
    '12': 'hang',
    '228': 'hang',
    '30': 'resource',
    '142': 'resource',
    '145': 'resource',
    '202': 'resource',
    '206': 'resource',
    '385': 'user-fault',
  } as const),
);

const CRASHES = new Set(['9', '109', '309']);

/** Tells by its number, else by what it holds, what a report in JSON is about. */
export function crashKindOf(
  bugType: string | null,
  body: { readonly [key: string]: Json | undefined },
  hasThreads: boolean,
): { kind: ReportKind; what: OtherReport | null } {
  const isCrashLike =
    Object.keys(fieldsOf(body.exception)).length > 0 ||
    Object.keys(fieldsOf(body.termination)).length > 0 ||
    body.faultingThread !== undefined ||
    listOf(body.lastExceptionBacktrace).length > 0;
  const number = bugType ?? '';
  const known = OTHER.get(number);
  if (body.isNonFatal === true || body.isNonFatal === 1) return other(known ?? 'resource');
  if (body.isSimulated === true || body.isSimulated === 1) return other('user-fault');
  if (known !== undefined) return other(known);
  if (CRASHES.has(number) || (isCrashLike && hasThreads)) return { kind: 'crash', what: null };
  if (body.panicString !== undefined) return other('panic');
  if (body.processByPid !== undefined) return other('stackshot');
  if (body.largestProcess !== undefined || body.memoryStatus !== undefined) return other('jetsam');
  if (isCrashLike) return { kind: 'crash', what: null };
  if (bugType !== null) return other('other');
  return { kind: 'not-recognised', what: null };
}

/**
 * The same of the older text: by what its first lines say of it, whatever language its labels have. Words further down
 * are the app's: what it said, and what its functions are called.
 */
export function textKindOf(
  head: readonly string[],
  bugType: string | null,
  isCrashLike: boolean,
): ReturnType<typeof crashKindOf> {
  const text = head.join('\n');
  const number = OTHER.get(bugType ?? '');
  if (/NON-FATAL CONDITION|this is NOT a crash/i.test(text)) return other(number ?? 'resource');
  if (number !== undefined && !(number === 'resource' && isCrashLike)) return other(number);
  const event = /^Event:[ \t]*(\S[^\n]*)$/im.exec(text)?.[1]?.toLowerCase();
  if (event !== undefined) {
    if (/hang|unresponsive/.test(event)) return other('hang');
    if (/cpu|disk|wakeup|memory|resource|write/.test(event)) return other('resource');
    if (/spin/.test(event)) return other('spin');
  }
  if (/^[ \t]*panic\(cpu \d+ caller|^[ \t{]*"?panicString"?[ \t]*:|^Kernel version:.*Darwin/im.test(text))
    return other('panic');
  if (/^(?:Heaviest stack for|Data Source:[ \t]+Stackshots|Microstackshots?:)/im.test(text))
    return other('spin');
  if (/^(?:Largest process:|Free pages:)/im.test(text)) return other('jetsam');
  if (isCrashLike || CRASHES.has(bugType ?? '')) return { kind: 'crash', what: null };
  if (bugType !== null) return other('other');
  return { kind: 'not-recognised', what: null };
}

function other(what: OtherReport): { kind: ReportKind; what: OtherReport } {
  return { kind: 'known-not-a-crash', what };
}
