import { withoutValues } from './messages';
import type { CrashReport } from './report';

/** Code of a process that did not answer in time ("ate bad food"). */
const WATCHDOG = 0x8badf00d;

const BY_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries({
    EXC_BAD_ACCESS: 'BAD_ACCESS',
    SIGSEGV: 'BAD_ACCESS',
    SIGBUS: 'BAD_ACCESS',
    EXC_BREAKPOINT: 'TRAP',
    SIGTRAP: 'TRAP',
    EXC_BAD_INSTRUCTION: 'TRAP',
    SIGILL: 'TRAP',
    SIGABRT: 'ABORT',
    EXC_GUARD: 'GUARD',
    EXC_RESOURCE: 'RESOURCE',
  }),
);

/** True when the system ended a process that did not answer in time. */
export function isWatchdog(report: CrashReport): boolean {
  return codeOf(report) === WATCHDOG;
}

/** What kind of crash it is, in words that are the same on every architecture and system. */
export function crashKind(report: CrashReport): string {
  const { exception, termination, thrown } = report;
  const type = exception?.type ?? '';
  const signal = exception?.signal ?? '';
  if (isWatchdog(report)) return ['KILL', 'WATCHDOG', watchdogEvent(report)].filter(Boolean).join(' ');
  if (type === 'EXC_GUARD' || type === 'EXC_RESOURCE') return BY_NAME.get(type) ?? type;
  if (signal === 'SIGKILL' || type === 'SIGKILL' || codeOf(report) === OLD_KILL) return killed(report);
  if (thrown !== null && isObjectiveC(report))
    return ['NSEXCEPTION', withoutValues(thrown.name ?? '')].filter(Boolean).join(' ');
  const known =
    BY_NAME.get(type) ?? BY_NAME.get(signal) ?? (type === 'EXC_CRASH' ? signal.replace(/^SIG/, '') : '');
  if (known) return known;
  if (type === '' || type === 'EXC_CRASH') return termination === null ? 'CRASH' : killed(report);
  return type.replace(/^(?:EXC_|SIG)/, '');
}

const OLD_KILL = 0xdead10cc;

function killed(report: CrashReport): string {
  const code = codeOf(report);
  // The home screen's process has another name on newer systems.
  const namespace = report.termination?.namespace?.toUpperCase().replace(/^SPRINGBOARD$/, 'FRONTBOARD');
  return ['KILL', namespace, code === null ? null : `0x${code.toString(16)}`].filter(Boolean).join(' ');
}

/** The code of the termination; older reports have it as the exception's. */
function codeOf({ termination, exception }: CrashReport): number | null {
  if (termination !== null && termination.code !== null) return termination.code;
  const code = /0x[0-9a-f]{1,16}/i.exec(exception?.codes ?? '')?.[0];
  const number = code === undefined ? null : Number(code);
  return number === WATCHDOG || number === OLD_KILL ? number : null;
}

function watchdogEvent(report: CrashReport): string | null {
  const words = [
    ...(report.termination?.reasons ?? []),
    ...report.applicationInfo.flatMap(({ lines }) => lines),
  ].join('\n');
  const event =
    /\b([a-z][a-z-]{0,60}) watchdog transgression/i.exec(words)?.[1] ??
    /failed to ([a-z][a-z-]{0,60})(?: gracefully)? (?:in time|after|within)/i.exec(words)?.[1];
  return event?.toLowerCase() ?? null;
}

/** C++ exceptions end in the same way and are aborts. */
function isObjectiveC({ thrown, applicationInfo }: CrashReport): boolean {
  if (thrown === null) return false;
  const said = applicationInfo.flatMap(({ lines }) => lines).join('\n');
  const isNamedSo = /Terminating app due to uncaught exception|of type NSException/i.test(said);
  const isCxx = /uncaught exception of type (?!NSException)/i.test(said) && !isNamedSo;
  const names = thrown.frames.map(({ symbol }) => symbol);
  const isThrownByCxx = names.includes('__cxa_throw') && !names.includes('objc_exception_throw');
  return !isCxx && (isNamedSo || !isThrownByCxx);
}
