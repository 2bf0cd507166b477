'use client';

import { RotateCw } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { ApiError } from '@/lib/browser/api';
import { formatPlural } from '@/lib/format/numbers';
import { Button } from './button';
import { ButtonLink } from './button-link';
import { EmptyState } from './empty-state';
import { repeats } from './said-once';
import { signInPath } from './sign-in-path';

/** What happened in words, what was not lost, what to do; the code stands in the details. */
export function ErrorState({
  title,
  error,
  onRetry,
  children,
}: {
  title: string;
  error: unknown;
  onRetry?: () => void;
  children?: ReactNode;
}) {
  if (isOfRole(error))
    return (
      <div role="alert">
        <EmptyState title="Not for your role" action={<ButtonLink href="/">Go to Health</ButtonLink>}>
          {error.message} An admin can give you another role.
        </EmptyState>
      </div>
    );
  return (
    <div role="alert" className="mx-auto flex max-w-xl flex-col items-start gap-3 px-4 py-12">
      <h2 className="font-semibold text-base">{title}</h2>
      <ErrorWords error={error} heading={title} />
      {children ? <div className="text-ink-soft text-sm">{children}</div> : null}
      {onRetry && !isForGood(error) ? (
        <Button onClick={onRetry} icon={<RotateCw size={14} aria-hidden />}>
          Try again
        </Button>
      ) : null}
    </div>
  );
}

/** What a person's role does not let them see. */
const isOfRole = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.code === 'FLIGHTDECK.FORBIDDEN';

/** Our own refusal of what the person may not do: another try would end the same. */
function isForGood(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403 && !error.isApple;
}

/** Why something was refused, said aloud where it stands; nothing while there is no error. */
export function Refusal({ error }: { error: unknown }) {
  return error ? (
    <div role="alert">
      <ErrorWords error={error} />
    </div>
  ) : null;
}

/** Apple's or our own reason, with the codes folded away. */
export function ErrorWords({ error, heading = '' }: { error: unknown; heading?: string }) {
  const isSaid = (words: string) => heading !== '' && repeats(heading, words);
  if (!(error instanceof ApiError)) {
    const words = error instanceof Error ? error.message : String(error);
    return isSaid(words) ? null : <p className="text-ink-soft text-sm">{words}</p>;
  }
  const problems = error.problems
    .map((problem) => ({ problem, words: problem.detail ?? problem.title }))
    .filter(({ words }) => !isSaid(words ?? ''));
  return (
    <div className="grid gap-2 text-sm">
      {error.speaker && problems.length > 0 ? <p className="text-ink-soft">{error.speaker} says:</p> : null}
      {problems.map(({ problem, words }, index) => (
        <p key={problem.id ?? index} className="text-pretty break-words">
          {words}
        </p>
      ))}
      {error.retryAt ? <TryAgain at={error.retryAt} /> : null}
      {error.isSignedOut ? (
        <a href={signInPath()} target="_blank" className="w-fit text-accent-ink underline" rel="noopener">
          Sign in in a new tab: what is written here stays
        </a>
      ) : null}
      <details className="text-ink-soft">
        <summary className="w-fit">Details</summary>
        <ul className="mt-1 grid gap-1 font-mono text-xs">
          {error.problems.map((problem, index) => (
            <li key={problem.id ?? index} className="break-all">
              {[
                `status ${problem.status ?? error.status}`,
                problem.code,
                problem.source?.pointer ?? problem.source?.parameter,
                problem.id,
              ]
                .filter(Boolean)
                .join(' · ')}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

const secondsTo = (at: number) => Math.max(0, Math.ceil((at - Date.now()) / 1_000));

/** How long it is until another try makes sense, counted down; the wait is not told aloud each second. */
function TryAgain({ at }: { at: number }) {
  const [seconds, setSeconds] = useState(() => secondsTo(at));
  const isOver = seconds === 0;
  useEffect(() => {
    if (isOver) return;
    const timer = setInterval(() => setSeconds(secondsTo(at)), 1_000);
    return () => clearInterval(timer);
  }, [at, isOver]);
  return (
    <p aria-live="off" className="text-ink-soft tabular-nums">
      {isOver ? 'Try again now.' : `Try again in ${formatPlural(seconds, 'second')}.`}
    </p>
  );
}
