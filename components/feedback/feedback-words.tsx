import clsx from 'clsx';
import { Badge, MARKS, Status } from '@/components/ui/status';
import type { FeedbackResource, IssueTold } from '@/lib/browser/feedback';
import { programmeNow } from '@/lib/browser/programme-now';
import { buildWords } from '@/lib/format/builds';
import { isSnoozed, kindWord, numberWord, priorityWord, stateTone, stateWords } from '@/lib/format/feedback';
import { label } from '@/lib/format/labels';
import { ERASED_PERSON, ERASED_TESTER, personName } from '@/lib/format/people';
import { ourTone } from '@/lib/format/tones';

/** A report’s kind in a word. */
export function kindOfReport(report: FeedbackResource): string {
  return kindWord(report.attributes?.type ?? '');
}

/** Whether a report is of a crash. */
export function isCrash(report: FeedbackResource): boolean {
  return report.attributes?.type === 'betaFeedbackCrashSubmissions';
}

/** The kind of a report as a small picture of the style sheet, with its word for those who do not see it. */
export function KindIcon({ type, isLarge = false }: { type: string | undefined; isLarge?: boolean }) {
  const word = kindWord(type ?? '');
  return (
    <span className={clsx('kind', word === 'Crash' && 'kind-crash', isLarge && 'kind-lg')} data-tip={word}>
      <span className="sr-only">{word}</span>
    </span>
  );
}

/** The number by which people call a crash issue. */
export function IssueNumber({ number }: { number: number | null | undefined }) {
  const word = numberWord(number);
  return word === null ? null : <span className="shrink-0 text-ink-soft tabular-nums">{word}</span>;
}

/** What a report says: its words, or what crashed. */
export function saidBy(report: FeedbackResource): { title: string; more: string } {
  const { comment, topFrame } = report.attributes ?? {};
  const words = comment?.trim().replace(/\s+/g, ' ') ?? '';
  const crash = isCrash(report)
    ? report.meta?.issue?.kind === 'crash'
      ? report.meta.issue.title
      : topFrame
    : '';
  if (words !== '') return { title: words, more: crash ?? '' };
  return {
    title: crash || (isCrash(report) ? 'Crash without a comment' : 'Screenshot without a comment'),
    more: '',
  };
}

/** The state of an issue; nothing was looked at yet where there is none. */
export function IssueState({ issue }: { issue: IssueTold | null | undefined }) {
  const stated = issue ?? { status: 'new' };
  const state = <Status tone={stateTone(stated)}>{stateWords(stated)}</Status>;
  if (!issue || !isSnoozed(issue, programmeNow())) return state;
  return (
    <span className="inline-flex max-w-full items-center gap-2">
      {state}
      <Badge>Snoozed</Badge>
    </span>
  );
}

const BARS = [1, 2, 3] as const;

/** A priority as bars, with its word. */
export function Priority({ priority, hasWord = false }: { priority: number; hasWord?: boolean }) {
  const word = priorityWord(priority);
  if (priority === 0) return hasWord ? word : <span className="text-ink-faint">–</span>;
  return (
    <span className="inline-flex items-center gap-2" data-tip={hasWord ? undefined : word}>
      <span aria-hidden className="inline-flex h-3 items-end gap-px">
        {BARS.map((bar) => (
          <span
            key={bar}
            style={{ height: `${bar * 4}px` }}
            className={clsx(
              'w-[3px] rounded-[1px]',
              priority === 4
                ? MARKS[ourTone('issue.urgent')]
                : bar <= priority
                  ? 'bg-ink-soft'
                  : 'bg-line-strong',
            )}
          />
        ))}
      </span>
      <span className={hasWord ? '' : 'sr-only'}>{word}</span>
    </span>
  );
}

/** What a build is called in short: “1.4 (7)”, with its platform on request. */
export function buildShort(build: NonNullable<FeedbackResource['meta']>['build'] | undefined): string {
  return build ? buildWords({ version: build.version, trainVersion: build.trainVersion }) : '–';
}

/** The same with its platform, which tells two apart. */
export function BuildShort({ build }: { build: NonNullable<FeedbackResource['meta']>['build'] | undefined }) {
  if (!build) return <span className="text-ink-faint">Not known</span>;
  return (
    <span data-tip={build.platform ? buildWords(build) : undefined}>
      {buildShort(build)}
      {build.platform ? <span className="text-ink-faint">{` · ${label(build.platform)}`}</span> : null}
    </span>
  );
}

/** Who sent a report. */
export function testerWords(report: FeedbackResource): string | null {
  const tester = report.meta?.tester;
  if (report.attributes?.testerId?.startsWith(ERASED_TESTER)) return ERASED_PERSON;
  return tester ? personName(tester) : null;
}

/** The labels of an issue. */
export function Labels({ labels }: { labels: readonly string[] | undefined }) {
  if (!labels || labels.length === 0) return <span className="text-ink-faint">–</span>;
  return (
    <span className="inline-flex max-w-full gap-1 overflow-hidden">
      {labels.map((one) => (
        <Badge key={one}>
          <bdi>{one}</bdi>
        </Badge>
      ))}
    </span>
  );
}
