import type { CrashReport } from './report';

/** A sentence in which everything is cut out that differs from one time to the next. */
export function withoutValues(text: string): string {
  return text
    .slice(0, 4000)
    .replace(/<([A-Za-z_][\w.]*)[:;][^<>]*>/g, '<$1>')
    .replace(/[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/g, '#')
    .replace(/0x[0-9a-f]+/gi, '#')
    .replace(/'[^'\n]*'|"[^"\n]*"|“[^”\n]*”|‘[^’\n]*’/g, '"…"')
    .replace(/(?:\/[\w.@+~-]+){2,}/g, '/…')
    .replace(/\d+/g, '#')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What Swift's runtime said before it ended the process: "Fatal error: Index out of range". */
export function fatalMessage(report: CrashReport): string | null {
  for (const { lines } of report.applicationInfo) {
    for (const line of lines) {
      const match = /(?:Fatal error|Precondition failed|Assertion failed|Simultaneous accesses)[^\n]*/i.exec(
        line,
      );
      if (match) return withoutPlace(match[0]);
    }
  }
  return null;
}

/** Why the dynamic linker gave up, with the names it missed, which tell one from another. */
export function linkerMessage(report: CrashReport): string | null {
  if (report.termination?.namespace?.toUpperCase() !== 'DYLD') return null;
  const { reasons } = report.termination;
  // The words that stand first ("Library missing") are the same whatever is missing.
  const named = reasons.flatMap((line) => MISSED.exec(line)?.[0].trim() ?? []);
  return named[0] ?? reasons.find((line) => /missing/i.test(line)) ?? null;
}

/** Older systems put the place from which it was wanted behind a bar. */
const MISSED = /(?:Library not loaded|Symbol not found):[ \t]*[^\n|]+/i;

/** Where in the source it was said differs from build to build. */
function withoutPlace(message: string): string {
  return message
    .replace(/:? file [^\n]*$/i, '')
    .replace(/^[^\s:]*\.swift:\d+: /, '')
    .trim();
}
