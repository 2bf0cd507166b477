/** What kinds of crashes are called. */
export const CRASH_KINDS: Readonly<Record<string, string>> = {
  BAD_ACCESS: 'Bad memory access',
  TRAP: 'Trap',
  ABORT: 'Abort',
  GUARD: 'Guarded resource violated',
  RESOURCE: 'Resource limit exceeded',
  CRASH: 'Crash',
  'KILL WATCHDOG': 'Did not answer in time',
  NSEXCEPTION: 'Uncaught exception',
};

/** What kind of crash it is, in words: “Bad memory access”, “NSRangeException”, “Did not answer in time (launch)”. */
export function crashKindLabel(kind: string): string {
  const known = CRASH_KINDS[kind];
  if (known !== undefined) return known;
  if (kind.startsWith('NSEXCEPTION ')) return kind.slice('NSEXCEPTION '.length);
  if (kind.startsWith('KILL WATCHDOG '))
    return `Did not answer in time (${kind.slice('KILL WATCHDOG '.length)})`;
  if (kind.startsWith('KILL'))
    return `Ended by the system${kind.slice('KILL'.length).replace(/^ (.*)$/, ' ($1)')}`;
  return kind;
}
