import { createHash } from 'node:crypto';
import { inAppFrames, type TeamRules } from './in-app';
import { crashKind, isWatchdog } from './kind';
import { fatalMessage, linkerMessage, withoutValues } from './messages';
import { functionOf } from './normalise';
import type { CrashReport, Frame } from './report';

/** Which rule made a signature: kept with it, so that a better one can group anew. */
export const RULE = 2;

/** Depths for which a hash is made; an issue is the second, a variant the fifth. */
const DEPTHS = [1, 2, 3, 4, 5] as const;

/** How one crash is grouped. */
export interface Signature {
  readonly rule: typeof RULE;
  readonly kind: string;
  /** What identifies it, the innermost first: functions, or what stands for them. */
  readonly parts: readonly string[];
  /** Hashes over kind and the first one to five parts. */
  readonly hashes: readonly string[];
  readonly issue: string;
  readonly variant: string;
}

/**
 * The stack that tells what happened: of the exception, of the main thread for a watchdog, else of the crashed thread.
 * Where a report names a crashed thread whose calls it does not hold there is none: another thread's say nothing.
 */
export function stackOf(report: CrashReport): readonly Frame[] {
  if (report.thrown !== null && report.thrown.frames.length > 0 && !isWatchdog(report))
    return report.thrown.frames;
  const main = report.threads.find(({ queue, number }) => queue === 'com.apple.main-thread' || number === 0);
  if (isWatchdog(report)) return main?.frames ?? [];
  const crashed = report.threads.find(({ isCrashed }) => isCrashed);
  return (crashed ?? (report.crashedThread === null ? main : undefined))?.frames ?? [];
}

/** The innermost frame of the app's own code on the stack that tells what happened. */
export function topInAppFrame(report: CrashReport, team: TeamRules = {}): Frame | null {
  return inAppFrames(report, stackOf(report), team)[0] ?? null;
}

/** Groups a crash; null for what is none, and for one of which too little is known to be like another. */
export function signatureOf(report: CrashReport, team: TeamRules = {}): Signature | null {
  if (report.kind !== 'crash') return null;
  const kind = crashKind(report);
  const parts = partsOf(report, team);
  if (parts.length === 0 && !/^(?:NSEXCEPTION|KILL) /.test(kind)) return null;
  const hashes = DEPTHS.map((depth) => hashOf([kind, ...parts.slice(0, depth)]));
  const [, issue = '', , , variant = ''] = hashes;
  return { rule: RULE, kind, parts, hashes, issue, variant };
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256')
    .update(`${RULE}\n${parts.join('\n')}`)
    .digest('hex')
    .slice(0, 16);
}

function partsOf(report: CrashReport, team: TeamRules): string[] {
  const stack = stackOf(report);
  const read = reader();
  const own = inAppFrames(
    report,
    stack.filter(({ isInlined }) => !isInlined),
    team,
  );
  const names = own
    .flatMap((frame) => nameOf(report, frame, read) ?? [])
    .filter((name, at, all) => name !== all[at - 1]);
  const told = names.filter((name) => !HELPERS.test(name) && !team.helpers?.includes(name));
  const folded = withoutRepeats(told);
  const functions = isOverflow(report, stack, told.length, folded.cycle)
    ? rotated(folded.cycle ?? folded.names)
    : folded.names;
  if (functions.some((name) => !ENTRIES.test(name))) return functions;
  // Every main thread ends in the entry point: alone it says nothing, unless the crash is in it.
  if (functions.length > 0 && stack[0] !== undefined && own[0] === stack[0]) return functions;
  return [...functions.slice(0, 1), ...ofNobody(report, stack, read)];
}

const ENTRIES =
  /^(?:main|_main|start|(?:static )?(?:[\w.]+\.)?\$?main|__debug_main_executable_dylib_entry_point)$/;

/** Functions that report a failure of somebody else. */
const HELPERS =
  /^(?:(?:Swift\.)?_?(?:fatalError|assertionFailure|preconditionFailure|precondition|assert)(?:Message)?|_?assertionFailure|__assert_rtn|NSAssert\w*|XCTFail|RCTFatal(?:Exception)?|DDLog\w*|NSLog|os_log\w*|abort|terminate|std::terminate)$/;

/** Reads the function of a frame, each symbol once: in a recursion the same ones return thousands of times. */
function reader(): (frame: Frame) => string | null {
  const known = new Map<string, string | null>();
  return ({ symbol, binary }) => {
    if (symbol === null) return null;
    const key = `${binary ?? ''}\n${symbol}`;
    const told = known.get(key);
    if (told !== undefined) return told;
    const name = functionOf(symbol, binary);
    known.set(key, name);
    return name;
  };
}

function nameOf(report: CrashReport, frame: Frame, read: (frame: Frame) => string | null): string | null {
  if (frame.symbol !== null) {
    const name = read(frame);
    if (name !== null || !/^<|^\?\?\?/.test(frame.symbol)) return name;
  }
  const image = frame.image === null ? undefined : report.images[frame.image];
  const place = image?.uuid ?? frame.binary;
  return place === null || frame.offset === null ? null : `${place}+0x${frame.offset.toString(16)}`;
}

/** Cycles of up to five functions stand once. */
function withoutRepeats(names: readonly string[]): { names: string[]; cycle: string[] | null } {
  const kept: string[] = [];
  let cycle: string[] | null = null;
  for (const name of names) {
    kept.push(name);
    for (let length = 1; length <= 5 && length * 2 <= kept.length; length += 1) {
      if (!repeats(kept, length)) continue;
      cycle ??= kept.slice(-length);
      kept.length -= length;
      break;
    }
  }
  return { names: kept, cycle };
}

/** True where the last so many are as those before them. */
function repeats(names: readonly string[], length: number): boolean {
  for (let at = names.length - length; at < names.length; at += 1) {
    if (names[at] !== names[at - length]) return false;
  }
  return true;
}

/** A stack that ran out of room: where in its cycle it did is chance. */
function isOverflow(
  report: CrashReport,
  stack: readonly Frame[],
  depth: number,
  cycle: readonly string[] | null,
): boolean {
  const words = [
    report.exception?.message,
    report.exception?.subtype,
    ...(report.termination?.reasons ?? []),
  ].join('\n');
  if (/stack (?:size exceeded|overflow|guard)|excessive recursion/i.test(words)) return true;
  return stack.length >= 100 && depth >= 50 && cycle !== null;
}

/** A cycle begins with the name that comes first in the alphabet. */
function rotated(cycle: readonly string[]): string[] {
  const turns = cycle.map((_, at) => [...cycle.slice(at), ...cycle.slice(0, at)]);
  return turns.sort((a, b) => (a.join('\n') < b.join('\n') ? -1 : 1))[0] ?? [];
}

/** Where no code is the app's own: what was said, else the first two functions that are no machinery. */
function ofNobody(
  report: CrashReport,
  stack: readonly Frame[],
  read: (frame: Frame) => string | null,
): string[] {
  const system = stack.flatMap((frame) => {
    const name = read(frame);
    return name === null || MACHINERY.test(name) ? [] : [name];
  });
  const { thrown } = report;
  if (thrown !== null && thrown.reason !== null) {
    return [withoutValues(thrown.reason), ...system.slice(0, 1)];
  }
  const missing = linkerMessage(report);
  if (missing !== null) return [missing];
  const said = fatalMessage(report);
  if (said !== null) return [withoutValues(said)];
  return withoutRepeats(system).names.slice(0, 2);
}

/** Functions in which any crash may end: throwing, ending, waiting, counting references. */
const MACHINERY =
  /^(?:_{0,3}pthread_kill|_{0,2}abort|abort_message|_?demangling_terminate_handler|_objc_terminate|std::_{0,2}terminate|__cxxabiv1::.*|__cxa_(?:throw|rethrow)|objc_exception_(?:throw|rethrow)|__exceptionPreprocess|_CFThrowFormattedException|[-+]\[NSException .*\]|_?(?:swift_)?(?:_?assertionFailure|fatalError)\w*|_swift_runtime_on_report|__assert_rtn|_sigtramp|_objc_msgSend\w*|objc_msgSend\w*|_?objc_(?:release|retain|autorelease)\w*|_?swift_(?:release|retain|unknownObject\w+|bridgeObject\w+)|__stack_chk_fail|mach_msg\w*|__?mach_msg_trap|malloc_v?report|malloc_error_break|szone_error|malloc_zone_error|start|start_wqthread|thread_start|_pthread_\w+|_dispatch_(?:call_block_and_release|client_callout\w*|lane_\w+|workloop_\w+|root_queue_\w+|main_queue_\w+)|__CFRunLoop\w*|__CFRUNLOOP_\w+|CFRunLoopRun\w*|UIApplicationMain|-\[UIApplication _run\]|NSApplicationMain|-\[NSApplication run\]|GSEventRunModal|__abort_with_payload|abort_with_\w+|terminate_with_\w+|__terminate_with_payload|Swift runtime failure: .*)$/;
