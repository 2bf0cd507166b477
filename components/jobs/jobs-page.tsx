'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import Link from 'next/link';
import { AppName } from '@/components/shell/app-name';
import { Button, buttonClass } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { Menu } from '@/components/ui/menu';
import { Name } from '@/components/ui/name';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { useUrlChoice } from '@/components/ui/use-url-state';
import { type Job, jobsOptions } from '@/lib/browser/jobs';
import { totalOf } from '@/lib/browser/lists';
import { isOpen } from '@/lib/browser/open-jobs';
import { formatPlural } from '@/lib/format/numbers';
import { JobActions } from './job-actions';
import { JobProgress } from './job-progress';
import { jobState } from './job-words';
import { JOB_FILTERS, jobsQuery, needyFirst } from './jobs-query';

const WORDS: Readonly<Record<(typeof JOB_FILTERS)[number], string>> = {
  open: 'Running and waiting',
  paused: 'Paused or in need of somebody',
  ended: 'Ended',
};

/** Every job, those that need somebody first, then newest first: what runs, what waits, what ended and how. */
export function JobsPage() {
  const [status, setStatus] = useUrlChoice('status', JOB_FILTERS, null);
  const list = useInfiniteQuery(jobsOptions(jobsQuery(status)));
  const needy = useInfiniteQuery({ ...jobsOptions(jobsQuery('paused')), enabled: status === null });
  const listed = list.data?.pages.flatMap((page) => page.data) ?? [];
  const jobs =
    status === null ? needyFirst(listed, needy.data?.pages.flatMap((page) => page.data) ?? []) : listed;
  const total = totalOf(list.data?.pages[0]?.meta);
  const entries = JOB_FILTERS.map((value) => ({
    id: value,
    label: WORDS[value],
    checked: value === status,
    onSelect: () => setStatus(value === status ? null : value),
  }));
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Menu label="Filter by state" entries={entries} className={buttonClass()}>
          State {status ? <span className="text-accent-ink">{WORDS[status]}</span> : null}
          <ChevronDown size={13} aria-hidden className="text-ink-faint" />
        </Menu>
        <p role="status" className="ml-auto text-ink-soft text-sm tabular-nums">
          {total === undefined ? '' : formatPlural(total, 'job')}
        </p>
      </div>
      {list.isPending ? <ListSkeleton rows={6} /> : null}
      {list.error && jobs.length === 0 ? (
        <ErrorState
          title="The jobs could not be loaded"
          error={list.error}
          onRetry={() => void list.refetch()}
        />
      ) : null}
      {list.data && jobs.length === 0 ? <Nothing isNarrowed={status !== null} /> : null}
      {jobs.length > 0 ? (
        <ol data-list="" aria-label="Jobs" className="border-t">
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </ol>
      ) : null}
      {list.hasNextPage ? (
        <div className="flex justify-center py-6">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show older
          </Button>
        </div>
      ) : null}
    </>
  );
}

function JobRow({ job }: { job: Job }) {
  const { words, tone } = jobState(job);
  return (
    <li data-list-row="" className="grid gap-2 border-b py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <Link
            href={`/jobs/${encodeURIComponent(job.id)}`}
            prefetch={false}
            className="font-medium text-sm hover:underline"
          >
            <Name>{job.title}</Name>
          </Link>
          <p className="text-ink-soft text-sm">
            <AppName appId={job.appId} /> · <bdi>{job.createdBy ?? 'Flightdeck'}</bdi> ·{' '}
            <Time at={job.createdAt} />
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-3 text-sm">
          <Status tone={tone}>{words}</Status>
          {isOpen(job) || job.status === 'paused' ? <JobActions job={job} size="sm" /> : null}
          {job.made ? (
            <ButtonLink href={job.made.href} prefetch={false} size="sm">
              {job.made.label}
            </ButtonLink>
          ) : null}
        </div>
      </div>
      <JobProgress job={job} />
    </li>
  );
}

function Nothing({ isNarrowed }: { isNarrowed: boolean }) {
  return isNarrowed ? (
    <EmptyState title="No jobs are in this state" />
  ) : (
    <EmptyState title="No jobs yet">
      Imports, bulk changes and pruning run here as jobs. They go on when you close the page, survive a
      restart and tell what became of every single tester.
    </EmptyState>
  );
}
