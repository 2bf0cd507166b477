import type { FeedbackResource, IssuePage } from '@/lib/browser/feedback';
import { numberWord } from '@/lib/format/feedback';
import { buildShort, saidBy } from './feedback-words';

const LONGEST = 90;
// What turns or hides text would do so to whatever else the browser shows beside it.
const UNSEEN = /[\p{Cc}\p{Cf}\s]+/gu;

function short(text: string): string {
  const words = text.replace(UNSEEN, ' ').trim();
  const letters = [...words];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join('').trim()}…` : words;
}

const prefix = (number: number | null | undefined) => {
  const word = numberWord(number);
  return word === null ? '' : `${word} `;
};

/** What the browser's tab calls a report: “Trap in CheckoutView.pay · 1.4 (7)”. */
export function reportTab(report: FeedbackResource): string {
  const issue = report.meta?.issue;
  const title = issue?.kind === 'crash' ? issue.title : saidBy(report).title;
  const build = report.meta?.build;
  return `${prefix(issue?.number)}${short(title)}${build ? ` · ${buildShort(build)}` : ''}`;
}

/** The same of a crash issue, with the newest build it was seen in. */
export function issueTab({ title, number, builds }: IssuePage['figures']): string {
  const [newest] = builds
    .filter(({ version, uploadedDate }) => version !== null && uploadedDate !== null)
    .toSorted((a, b) => ((a.uploadedDate ?? '') < (b.uploadedDate ?? '') ? 1 : -1));
  return `${prefix(number)}${short(title)}${newest ? ` · ${buildShort({ ...newest, id: newest.buildId ?? '' })}` : ''}`;
}
