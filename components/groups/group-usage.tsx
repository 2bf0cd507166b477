'use client';

import { Segments } from '@/components/links/segments';
import { Button } from '@/components/ui/button';
import { ErrorWords } from '@/components/ui/error-state';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { USAGE_PERIODS } from '@/lib/browser/links';
import { label } from '@/lib/format/labels';
import { formatCount } from '@/lib/format/numbers';
import type { Usage } from './use-group-usage';

const FIGURES = [
  ['Sessions', 'sessionCount'],
  ['Crashes', 'crashCount'],
  ['Feedback', 'feedbackCount'],
] as const;

/** Sessions, crashes and feedback of a group's testers in a period, as App Store Connect counts them. */
export function GroupUsage({ usage }: { usage: Usage }) {
  const rows = [...usage.byTester.values()];
  const isKnown = !usage.isPending && usage.error === null;
  return (
    <section aria-label="What testers did" className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold text-base">What testers did</h2>
        <Segments
          label="Period"
          value={usage.period}
          options={USAGE_PERIODS.map((value) => ({ value, label: label(value) }))}
          onChange={usage.setPeriod}
        />
      </div>
      {usage.error ? (
        <div role="alert" className="grid justify-items-start gap-2">
          <p className="text-sm">The figures could not be read.</p>
          <ErrorWords error={usage.error} />
          <Button size="sm" onClick={usage.retry}>
            Try again
          </Button>
        </div>
      ) : (
        <dl
          aria-busy={usage.isPending}
          className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-4"
        >
          <Figure
            term="Active testers"
            value={isKnown ? rows.length : undefined}
            isAtLeast={!usage.isComplete}
          />
          {FIGURES.map(([term, name]) => (
            <Figure
              key={name}
              term={term}
              value={isKnown ? rows.reduce((sum, row) => sum + row[name], 0) : undefined}
              isAtLeast={!usage.isComplete}
            />
          ))}
        </dl>
      )}
      {usage.fetchedAt ? (
        <p className="text-ink-soft text-xs">
          From App Store Connect, <Time at={usage.fetchedAt} />.
          {usage.isLastKnown ? ' It could not be asked again.' : ''}
          {usage.more ? (
            <>
              {' '}
              Only the first {formatCount(rows.length)} testers are counted.{' '}
              <button type="button" onClick={usage.more} className="text-accent-ink underline">
                Count more
              </button>
            </>
          ) : null}
        </p>
      ) : null}
    </section>
  );
}

function Figure({ term, value, isAtLeast }: { term: string; value: number | undefined; isAtLeast: boolean }) {
  return (
    <div className="bg-surface p-4">
      <dt className="text-ink-soft text-sm">{term}</dt>
      <dd className="mt-1 font-semibold text-2xl tabular-nums tracking-tight">
        {value === undefined ? <Skeleton className="my-1 h-6 w-16" /> : formatCount(value)}
        {value !== undefined && isAtLeast ? <span className="text-ink-faint">+</span> : null}
      </dd>
    </div>
  );
}
