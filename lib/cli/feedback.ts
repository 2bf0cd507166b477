import { setTimeout as delay } from 'node:timers/promises';
import type { BuildCheck, CheckedIssue, CheckQuestion } from '@/lib/services/feedback/check';

/** How often to ask again while not everything is read, ms. */
const AGAIN_MS = 10_000;

/** 0 clean, 1 new crash issues, 3 not everything is read yet. */
const EXIT = { clean: 0, new: 1, unsure: 3 } as const;

export interface CheckOptions {
  /** Where the pages of issues are. */
  readonly url: string;
  readonly isJson: boolean;
  /** How long to wait for what is not read yet, ms. */
  readonly waitMs: number;
}

/** Says whether a build has new crash issues; gives the exit code. */
export async function checkCommand(
  ask: (question: CheckQuestion) => Promise<BuildCheck>,
  question: CheckQuestion,
  { url, isJson, waitMs }: CheckOptions,
): Promise<number> {
  let check = await ask(question);
  const until = Date.now() + waitMs;
  while (check.verdict === 'unsure' && Date.now() < until) {
    await delay(Math.min(AGAIN_MS, Math.max(1, until - Date.now())));
    check = await ask(question);
  }
  process.stdout.write(isJson ? `${JSON.stringify(check)}\n` : inWords(check, url));
  return EXIT[check.verdict];
}

function inWords(check: BuildCheck, url: string): string {
  const { app, build, newIssues, regressedIssues, knownCount, unreadCount, readAt } = check;
  const lines = [`${app}, ${build}: ${headline(check)}`];
  const list = (issues: readonly CheckedIssue[]) =>
    issues.map((issue) => `  ${issue.title} (${counted(issue.reportCount, 'report')})  ${url}${issue.path}`);
  lines.push(...list(newIssues));
  const back = regressedIssues.filter(({ id }) => newIssues.every((issue) => issue.id !== id));
  if (back.length > 0) lines.push('Resolved before and back in this build:', ...list(back));
  if (knownCount > 0)
    lines.push(
      `${counted(knownCount, 'crash issue')} of older builds ${knownCount === 1 ? 'is' : 'are'} in it too.`,
    );
  if (unreadCount > 0)
    lines.push(
      `${counted(unreadCount, 'crash report')} of this build ${unreadCount === 1 ? 'waits' : 'wait'} for the log.`,
    );
  lines.push(readAt ? `App Store Connect was last asked ${readAt}.` : 'App Store Connect was not asked yet.');
  return `${lines.join('\n')}\n`;
}

function headline({ verdict, newIssues }: BuildCheck): string {
  if (verdict === 'new') return `${counted(newIssues.length, 'new crash issue')}.`;
  return verdict === 'clean'
    ? 'no new crash issue.'
    : 'no new crash issue so far, but not everything is read.';
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
