import { inAppFrames, type TeamRules } from '@/lib/crash/in-app';
import { functionOf } from '@/lib/crash/normalise';
import { readCrashReport } from '@/lib/crash/read';
import type { CrashReport } from '@/lib/crash/report';
import { RULE, signatureOf, stackOf, topInAppFrame } from '@/lib/crash/signature';
import { logWords } from './log-words';

/** What a log says of its report, as the columns of one. */
export interface Reading {
  readonly rule: number;
  /** Null where too little is known of it to be like another, or where it is no crash. */
  readonly issueHash: string | null;
  readonly variantHash: string | null;
  readonly exceptionType: string | null;
  readonly crashKind: string | null;
  readonly topFrame: string | null;
  readonly isSymbolicated: 0 | 1;
  /** What an issue without a function of the app is called after; '' where there is one. */
  readonly title: string;
  /** What the log is found by. */
  readonly words: string;
}

const LONGEST = 300;

/** Reads a log for what groups it. It never throws; what is no crash has no hashes. */
export function readLog(text: string | Uint8Array, team: TeamRules = {}): Reading {
  return readingOf(readCrashReport(text), team);
}

/** The same of a report that was read. */
export function readingOf(report: CrashReport, team: TeamRules = {}): Reading {
  const signature = signatureOf(report, team);
  const top = report.kind === 'crash' ? topInAppFrame(report, team) : null;
  const topFrame =
    top === null || top.symbol === null
      ? null
      : (functionOf(top.symbol, top.binary) ?? top.symbol).slice(0, LONGEST);
  return {
    rule: RULE,
    issueHash: signature?.issue ?? null,
    variantHash: signature === null ? null : variantAlias(signature.variant),
    exceptionType: report.exception?.type ?? null,
    crashKind: signature?.kind.slice(0, LONGEST) ?? null,
    topFrame,
    isSymbolicated: Number(hasNames(report, team)) as 0 | 1,
    title: topFrame === null ? (signature?.parts[0] ?? '').slice(0, LONGEST) : '',
    words: logWords(report),
  };
}

/** Of a short stack issue and variant have the same hash: as aliases they are told apart. */
export const variantAlias = (hash: string): string => `v${hash}`;

function hasNames(report: CrashReport, team: TeamRules): boolean {
  if (report.kind !== 'crash') return false;
  const stack = stackOf(report);
  const own = inAppFrames(report, stack, team);
  return (own.length > 0 ? own : stack).some(({ symbol }) => symbol !== null);
}
