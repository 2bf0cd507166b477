'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { FigureTable } from '@/components/charts/figure-table';
import { ErrorWords } from '@/components/ui/error-state';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { type BuildReading, buildUseOptions } from '@/lib/browser/build-use';
import { whenReachable } from '@/lib/browser/reach';
import { CRASH_FREE_REACH, crashFree, crashFreeWords } from '@/lib/format/crash-free';
import { formatDate } from '@/lib/format/dates';
import { formatCount } from '@/lib/format/numbers';

const LinesChart = dynamic(
  whenReachable(() => import('@/components/charts/lines-chart')),
  { ssr: false, loading: () => <Skeleton className="h-60 w-full" /> },
);

const FIGURES = [
  ['inviteCount', 'Invited'],
  ['installCount', 'Installed'],
  ['sessionCount', 'Sessions'],
  ['crashCount', 'Crashes'],
  ['feedbackCount', 'Feedback'],
] as const;

/** How a build is used: Apple's counts, the share of sessions without a crash, and our readings day by day. */
export default function BuildUse({ id, accountId }: { id: string; accountId: string | undefined }) {
  const { data, error, isPending } = useQuery(buildUseOptions(id, accountId));
  const days = data?.data.days ?? [];
  const last = days.at(-1);
  const trouble = data?.data.trouble;
  return (
    <Section title="Use" action={last ? <ReadAt at={last.readAt} /> : null}>
      {isPending ? <Skeleton className="h-24 w-full" /> : null}
      {error ? <ErrorWords error={error} /> : null}
      {trouble ? (
        <p className="text-ink-soft text-sm">
          App Store Connect could not be asked now: <bdi>{trouble}</bdi>
        </p>
      ) : null}
      {last ? <Figures reading={last} /> : null}
      {data && !last ? (
        <p className="text-ink-soft text-sm">
          How this build is used has not been read yet. It is read once a day, and when somebody opens the
          build who may ask App Store Connect.
        </p>
      ) : null}
      {days.length > 1 ? <ByDay days={days} /> : null}
    </Section>
  );
}

function ReadAt({ at }: { at: string }) {
  return (
    <span className="text-ink-faint text-xs">
      Read <Time at={at} />
    </span>
  );
}

function Figures({ reading }: { reading: BuildReading }) {
  const share = crashFree(reading);
  return (
    <>
      <dl className="grid grid-cols-3 gap-x-4 gap-y-3 sm:grid-cols-6">
        {FIGURES.map(([name, term]) => (
          <Figure key={name} term={term} value={formatCount(reading[name])} />
        ))}
        <Figure term="Crash-free" value={share ?? '–'} />
      </dl>
      <p className="text-ink-soft text-sm">
        Crash-free sessions: {crashFreeWords(reading)}
        {share === null ? '' : ` = ${share}.`} {CRASH_FREE_REACH}
      </p>
    </>
  );
}

function Figure({ term, value }: { term: string; value: string }) {
  return (
    <div className="grid gap-0.5">
      <dt className="text-ink-soft text-xs">{term}</dt>
      <dd className="font-semibold text-lg tabular-nums">{value}</dd>
    </div>
  );
}

function ByDay({ days }: { days: readonly BuildReading[] }) {
  return (
    <FigureTable
      title="As read day by day"
      chart={
        <LinesChart
          label={`Installations and sessions as read on ${days.length} days up to ${formatDate(days.at(-1)?.day)}`}
          lines={[
            { key: 'sessionCount', name: 'Sessions' },
            { key: 'installCount', name: 'Installed' },
          ]}
          rows={days.map(({ day, sessionCount, installCount }) => ({
            ...{ label: formatDate(day), sessionCount, installCount },
          }))}
        />
      }
      head={['Day', ...FIGURES.map(([, term]) => term), 'Crash-free']}
      rows={days
        .toReversed()
        .map((reading) => [
          formatDate(reading.day),
          ...FIGURES.map(([name]) => formatCount(reading[name])),
          crashFree(reading) ?? '–',
        ])}
    />
  );
}
