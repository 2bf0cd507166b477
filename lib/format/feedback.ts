import type { Tone } from './tones';
import { ourTone } from './tones';

/** What an issue can be, in the order in which work goes. */
export const ISSUE_STATUSES = ['new', 'triaged', 'inProgress', 'resolved', 'wontFix', 'duplicate'] as const;
export type IssueStatus = (typeof ISSUE_STATUSES)[number];

const STATUS_WORDS: Readonly<Record<IssueStatus, string>> = {
  new: 'New',
  triaged: 'Triaged',
  inProgress: 'In progress',
  resolved: 'Resolved',
  wontFix: 'Won’t fix',
  duplicate: 'Duplicate',
};

const isStatus = (value: string): value is IssueStatus => Object.hasOwn(STATUS_WORDS, value);

/** A status in a word. */
export function statusWord(status: string): string {
  return isStatus(status) ? STATUS_WORDS[status] : status;
}

/** The tone of a status. */
export function statusTone(status: string): Tone {
  return isStatus(status) ? ourTone(`issue.${status}`) : 'quiet';
}

interface Stated {
  readonly status: string;
  readonly resolvedLabel?: string | null | undefined;
  readonly regressedAt?: number | null | undefined;
  readonly snoozedUntil?: number | null | undefined;
  readonly snoozedDate?: string | null | undefined;
}

/** Whether it is out of sight at this moment, ms since 1970. */
export function isSnoozed({ snoozedUntil, snoozedDate }: Stated, now: number): boolean {
  return (snoozedUntil !== null && snoozedUntil !== undefined && snoozedUntil > now) || Boolean(snoozedDate);
}

/** “Resolved in 1.4 (7)”, “Regressed”, “New”. */
export function stateWords(issue: Stated): string {
  if (issue.regressedAt && issue.status !== 'resolved') return 'Regressed';
  if (issue.status === 'resolved' && issue.resolvedLabel) return `Resolved in ${issue.resolvedLabel}`;
  return statusWord(issue.status);
}

/** The tone of what {@link stateWords} says. */
export function stateTone(issue: Stated): Tone {
  return issue.regressedAt && issue.status !== 'resolved'
    ? ourTone('issue.regressed')
    : statusTone(issue.status);
}

const PRIORITY_WORDS = ['No priority', 'Low', 'Medium', 'High', 'Urgent'] as const;
/** Every priority, by its number. */
export const PRIORITIES = [0, 1, 2, 3, 4] as const;

/** A priority in words. */
export function priorityWord(priority: number): string {
  return PRIORITY_WORDS[priority] ?? PRIORITY_WORDS[0];
}

/** What people call a crash issue: “#128”; null for what has no number. */
export function numberWord(number: number | null | undefined): string | null {
  return typeof number === 'number' ? `#${number}` : null;
}

/** What a report is: of a crash, or with screenshots. */
export function kindWord(type: string): string {
  return type === 'betaFeedbackCrashSubmissions' ? 'Crash' : 'Screenshot';
}

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

/** A locale as people say it: `de_DE` is “German (Germany)”. */
export function localeWord(locale: string): string {
  try {
    return languages.of(locale.replaceAll('_', '-')) ?? locale;
  } catch {
    return locale;
  }
}

/** A device's locale as HTML names a language, for words that are probably in it; undefined for what names none. */
export function languageTag(locale: string | null | undefined): string | undefined {
  const tag = locale?.replaceAll('_', '-').replace(/@.*$/, '');
  return tag !== undefined && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) ? tag : undefined;
}

/** What a crash log says of the end of a process, as far as it is shown. */
interface Ended {
  readonly exception: {
    readonly type: string | null;
    readonly signal: string | null;
    readonly codes: string | null;
    readonly subtype: string | null;
    readonly message: string | null;
  } | null;
  readonly termination: {
    readonly namespace: string | null;
    readonly code: number | null;
    readonly reasons: readonly string[];
  } | null;
  readonly thrown: { readonly name: string | null; readonly reason: string | null } | null;
}

const together = (parts: readonly unknown[], between: string): string => parts.filter(Boolean).join(between);

/** Why a process ended, under the names that pages and texts give it; '' for what is not said. */
export function whyEnded({ exception, termination, thrown }: Ended): readonly (readonly [string, string])[] {
  const ended = [termination?.namespace, terminationCode(termination?.code), ...(termination?.reasons ?? [])];
  return [
    ['Exception', together([exception?.type, exception?.signal && `(${exception.signal})`], ' ')],
    ['Codes', tellingCodes(exception?.codes)],
    ['About it', together([exception?.subtype, exception?.message], ' ')],
    ['Thrown', together([thrown?.name, thrown?.reason], ': ')],
    ['Ended by', ended.filter((part) => part !== null && part !== undefined && part !== '').join(' · ')],
  ];
}

/** When a log says that it happened, by the device's own clock: `2026-11-29 10:06:09.8687 -0800` → "2026-11-29 10:06:09 (UTC-08:00)". */
export function crashTime(told: string | null): string {
  const [, day, time, hours, minutes] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? ([+-]\d\d):?(\d\d)$/.exec(told?.trim() ?? '') ?? [];
  return day === undefined ? (told ?? '') : `${day} ${time} (UTC${hours}:${minutes})`;
}

/** Codes of an exception; '' where all are nought, which says nothing. */
const tellingCodes = (codes: string | null | undefined): string =>
  codes?.split(/[\s,]+/).every((code) => /^(?:0x)?0*$/i.test(code)) ? '' : (codes ?? '');

/** Codes that are known by their spelling (0x8badf00d) are written so; a signal is a number. */
const terminationCode = (code: number | null | undefined) =>
  typeof code === 'number' && code > 0xffff ? `0x${code.toString(16)}` : code;
