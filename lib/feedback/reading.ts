import { inAppFrames, type TeamRules } from '@/lib/crash/in-app';
import { functionOf } from '@/lib/crash/normalise';
import { type NeededImage, neededImages, type OwnNames, withOwnNames } from '@/lib/crash/own-names';
import { readCrashReport } from '@/lib/crash/read';
import type { CrashReport, Frame } from '@/lib/crash/report';
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
  /** Binaries of the app without names in it, whether symbols of ours told them or not. */
  readonly needed?: readonly NeededImage[];
  /** The app's own calls, for rules: see `framesOf`. */
  readonly frames?: string;
}

const LONGEST = 300;

/** Reads a log for what groups it, with what our symbols say. It never throws; what is no crash has no hashes. */
export function readLog(
  text: string | Uint8Array,
  team: TeamRules = {},
  names: OwnNames | null = null,
): Reading {
  const raw = readCrashReport(text);
  const report = withOwnNames(raw, names);
  const signature = signatureOf(report, team);
  const top = report.kind === 'crash' ? topFunction(report, team) : null;
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
    needed: neededImages(raw, team),
    frames: framesOf(report, team),
  };
}

/** More of a stack no rule looks at. */
const MOST_FRAMES = 60;
// Tabs and lines stand between them.
const cell = (text: string | null) => (text ?? '').replace(/\s+/g, ' ').trim().slice(0, LONGEST);

/** The app's own calls, each in a line: function, binary and file, between tabs; inlined ones too. */
function framesOf(report: CrashReport, team: TeamRules): string {
  if (report.kind !== 'crash') return '';
  const lines = inAppFrames(report, stackOf(report), team)
    .slice(0, MOST_FRAMES)
    .map(({ symbol, binary, file }) =>
      [symbol === null ? null : (functionOf(symbol, binary) ?? symbol), binary, file].map(cell).join('\t'),
    );
  return [...new Set(lines)].join('\n');
}

/** What an issue is called after: inlined calls come and go with the compiler's mood, as they do in the key. */
function topFunction(report: CrashReport, team: TeamRules): Frame | null {
  const whole = stackOf(report).filter(({ isInlined }) => !isInlined);
  return inAppFrames(report, whole, team)[0] ?? topInAppFrame(report, team);
}

/** Of a short stack issue and variant have the same hash: as aliases they are told apart. */
export const variantAlias = (hash: string): string => `v${hash}`;

function hasNames(report: CrashReport, team: TeamRules): boolean {
  if (report.kind !== 'crash') return false;
  const stack = stackOf(report);
  const own = inAppFrames(report, stack, team);
  return (own.length > 0 ? own : stack).some(({ symbol }) => symbol !== null);
}
