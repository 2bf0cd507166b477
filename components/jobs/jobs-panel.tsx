'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useMay } from '@/components/shell/known';
import { ButtonLink } from '@/components/ui/button-link';
import { ErrorWords } from '@/components/ui/error-state';
import { Name } from '@/components/ui/name';
import { Progress } from '@/components/ui/progress';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import type { Job } from '@/lib/browser/jobs';
import { endedJobsOptions, isNeedy, isOpen, openJobsOptions } from '@/lib/browser/open-jobs';
import { formatDuration } from '@/lib/format/durations';
import { formatCount } from '@/lib/format/numbers';
import { JobActions } from './job-actions';
import { jobState, settledCount } from './job-words';
import { needyFirst } from './jobs-query';
import { sentenceWords } from './sentence-words';
import { UndoButton } from './undo-button';

/** Under the icon: what needs a person, what runs and waits, and what ended last. */
export default function JobsPanel({
  onLeave,
  onCancel,
  onUndo,
}: {
  /** Another page was chosen. */
  onLeave: () => void;
  onCancel: (job: Job) => void;
  onUndo: (job: Job) => void;
}) {
  const open = useQuery(openJobsOptions());
  const ended = useQuery(endedJobsOptions());
  const error = open.error ?? ended.error;
  if (error && !open.data) return <ErrorWords error={error} />;
  if (!open.data || !ended.data) return <ListSkeleton rows={3} />;
  const waiting = needyFirst(open.data.data, open.data.data.filter(isNeedy));
  return (
    <div className="grid gap-4 text-sm">
      {waiting.length === 0 ? <p className="text-ink-soft">Nothing is running or waiting.</p> : null}
      {waiting.length > 0 ? (
        <ul aria-label="Running and waiting" className="grid gap-3">
          {waiting.map((job) => (
            <OpenJob key={job.id} job={job} onLeave={onLeave} onCancel={onCancel} />
          ))}
        </ul>
      ) : null}
      {ended.data.data.length > 0 ? (
        <section className="grid gap-2">
          <h3 className="font-medium text-ink-soft text-xs">Ended last</h3>
          <ul aria-label="Ended last" className="grid gap-3">
            {ended.data.data.map((job) => (
              <EndedJob key={job.id} job={job} onLeave={onLeave} onUndo={onUndo} />
            ))}
          </ul>
        </section>
      ) : null}
      <ButtonLink href="/jobs" prefetch={false} onClick={onLeave} className="justify-center">
        All jobs
      </ButtonLink>
    </div>
  );
}

const jobHref = (job: Job) => `/jobs/${encodeURIComponent(job.id)}`;

function OpenJob({
  job,
  onLeave,
  onCancel,
}: {
  job: Job;
  onLeave: () => void;
  onCancel: (job: Job) => void;
}) {
  const mayRun = useMay('jobs:run');
  const { words, tone } = jobState(job);
  const settled = settledCount(job);
  return (
    <li className="grid gap-1.5">
      <Link
        href={jobHref(job)}
        prefetch={false}
        onClick={onLeave}
        className="min-w-0 break-words font-medium hover:underline"
      >
        <Name>{job.title}</Name>
      </Link>
      <Progress label={job.title} done={settled} total={job.counts.total} />
      <p className="flex flex-wrap gap-x-3 gap-y-1 text-ink-soft text-xs tabular-nums">
        <Status tone={tone}>{words}</Status>
        <span>
          {formatCount(settled)} of {formatCount(job.counts.total)}
        </span>
        {isOpen(job) && job.startedAt === null && job.scheduledAt ? (
          <span>
            begins <Time at={job.scheduledAt} isToCome />
          </span>
        ) : job.leftMs ? (
          <span>{formatDuration(job.leftMs)} left</span>
        ) : null}
      </p>
      {job.error ? <p className="break-words text-ink-soft text-xs">{job.error}</p> : null}
      <div className="flex flex-wrap gap-2 empty:hidden">
        <JobActions job={job} size="sm" onCancel={onCancel} />
        {job.hold && mayRun ? (
          <ButtonLink href={jobHref(job)} prefetch={false} size="sm" onClick={onLeave}>
            See what it needs
          </ButtonLink>
        ) : null}
      </div>
    </li>
  );
}

function EndedJob({ job, onLeave, onUndo }: { job: Job; onLeave: () => void; onUndo: (job: Job) => void }) {
  const { words, tone } = jobState(job);
  return (
    <li className="grid gap-1">
      <Link
        href={jobHref(job)}
        prefetch={false}
        onClick={onLeave}
        className="min-w-0 break-words hover:underline"
      >
        {sentenceWords(job.sentence)}
      </Link>
      <p className="flex flex-wrap gap-x-3 gap-y-1 text-ink-soft text-xs">
        <Status tone={tone}>{words}</Status>
        {job.rest ? <span>{job.rest}</span> : null}
        {job.undoneBy ? <span>taken back since</span> : null}
        {job.finishedAt ? <Time at={job.finishedAt} /> : null}
      </p>
      <div className="flex flex-wrap gap-2 empty:hidden">
        {job.made ? (
          <ButtonLink href={job.made.href} prefetch={false} size="sm" onClick={onLeave}>
            {job.made.label}
          </ButtonLink>
        ) : null}
        <UndoButton job={job} size="sm" onAsk={onUndo} />
      </div>
    </li>
  );
}
