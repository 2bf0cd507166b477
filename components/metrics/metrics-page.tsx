'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useAppBase } from '@/components/shell/use-app-base';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { useUrlChoice, useUrlState } from '@/components/ui/use-url-state';
import { type Asked, type Metrics, metricsOptions, rangeQuery } from '@/lib/browser/metrics';
import { appWords, homeOf } from '@/lib/format/app-address';
import { buildWords } from '@/lib/format/builds';
import { formatDate } from '@/lib/format/dates';
import { FIGURES } from '@/lib/format/metrics';
import { formatPlural } from '@/lib/format/numbers';
import { daysBetween } from '@/lib/format/utc-days';
import { DayFigure } from './day-figure';
import { FigureTiles } from './figure-tiles';
import { GroupsTable } from './groups-table';
import { RangePicker } from './range-picker';
import { SumsTable } from './sums-table';

const RetentionSection = onDemand(() => import('./retention-section'));
const FunnelSection = onDemand(() => import('./funnel-section'));
const AdoptionSection = onDemand(() => import('./adoption-section'));

/** How an app, or the whole programme, fares day by day. */
export function MetricsPage({ appId, accountId }: Omit<Asked, 'query'>) {
  const { values } = useUrlState();
  const asked = { appId, accountId, query: rangeQuery(values) };
  const { data, error, isPlaceholderData, refetch } = useQuery(metricsOptions(asked));
  const metrics = error ? undefined : data?.data;
  return (
    <div className="grid gap-8">
      <RangePicker range={metrics?.range} />
      {error ? (
        <ErrorState title="The figures could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : null}
      {!metrics && !error ? <ListSkeleton /> : null}
      {metrics ? (
        <div aria-busy={isPlaceholderData} className="grid gap-10">
          {metrics.firstDay === null ? <NothingYet /> : <Shown metrics={metrics} asked={asked} />}
        </div>
      ) : null}
    </div>
  );
}

function NothingYet() {
  return (
    <EmptyState title="Nothing was read yet">
      App Store Connect tells sums, not days. Flightdeck reads them once a day after a sync and keeps each
      reading: the first figure of a day is there after the second day’s reading.
    </EmptyState>
  );
}

function Shown({ metrics, asked }: { metrics: Metrics; asked: Asked }) {
  const [figure, setFigure] = useUrlChoice('figure', FIGURES, 'sessions');
  const base = useAppBase(asked.appId ?? '');
  const days = daysBetween(metrics.range.from, metrics.range.to);
  return (
    <>
      <div className="grid gap-3">
        <FigureTiles metrics={metrics} chosen={figure} onChoose={setFigure} />
        <Moment metrics={metrics} />
      </div>
      <DayFigure metrics={metrics} figure={figure} asked={asked} />
      <SumsTable
        title="By build"
        note={
          metrics.buildCount > metrics.builds.length
            ? `The newest ${metrics.builds.length} of ${formatPlural(metrics.buildCount, 'build')}; the file has all.`
            : undefined
        }
        first="Build"
        of="builds"
        rows={metrics.builds}
        days={days}
        asked={asked}
        keyOf={({ buildId }) => buildId}
        nameOf={(row) => (
          <Link
            href={`${base}/builds/${encodeURIComponent(row.buildId)}`}
            prefetch={false}
            className="rounded-sm hover:underline"
          >
            <bdi>{buildWords(row)}</bdi>
          </Link>
        )}
      />
      <SumsTable
        title="By app"
        first="App"
        of="apps"
        rows={metrics.apps}
        days={days}
        asked={asked}
        keyOf={(row) => `${row.accountId} ${row.appId}`}
        nameOf={(row) => (
          <Link
            href={`${homeOf(row.appId, row)}/metrics`}
            prefetch={false}
            className="rounded-sm text-accent-ink underline"
          >
            <Name>{appWords(row.name ?? 'Unnamed', row.accountName)}</Name>
          </Link>
        )}
      />
      <GroupsTable groups={metrics.groups} asked={asked} />
      <FunnelSection funnel={metrics.funnel} days={days} asked={asked} />
      <RetentionSection asked={asked} />
      {asked.appId === undefined ? null : <AdoptionSection asked={asked} />}
    </>
  );
}

/** When the newest of what is shown was read, and what to wait for. */
function Moment({ metrics: { readAt, firstDay, nextDay, figures } }: { metrics: Metrics }) {
  const isFirst = figures.sessionCount.total.days === 0;
  return (
    <p className="text-ink-soft text-sm">
      {readAt ? (
        <>
          Read from App Store Connect <Time at={readAt} />.{' '}
        </>
      ) : (
        'Nothing was read in these days. '
      )}
      Readings are kept since {formatDate(firstDay)}.
      {isFirst && readAt
        ? ` A day’s figure needs two readings: the next is made on ${formatDate(nextDay)}.`
        : ''}
    </p>
  );
}
