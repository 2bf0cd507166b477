'use client';

import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { AppName } from '@/components/shell/app-name';
import { PageHeader } from '@/components/shell/page-header';
import { buttonClass } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { failedFileHref, jobOptions } from '@/lib/browser/jobs';
import { isOpen } from '@/lib/browser/open-jobs';
import { ApproveButton } from './approve-button';
import { JobActions } from './job-actions';
import { JobItems } from './job-items';
import { JobProgress } from './job-progress';
import { fileWords, jobState } from './job-words';
import { RestoreButton } from './restore-button';
import { StepList } from './step-list';
import { UndoButton } from './undo-button';
import { useWatchJob } from './watched-jobs';

const GatePanel = onDemand(() => import('./gate-panel'));

const TO_APPROVE = 'You can approve it: look through the steps, and press Approve.';

/** One job: how far it is, what can be done with it, and what became of each thing. */
export function JobPage({ jobId }: { jobId: string }) {
  const { data, error, refetch } = useQuery(jobOptions(jobId));
  const job = data?.data;
  useWatchJob(job && isOpen(job) ? job.id : undefined);
  if (error && !job)
    return <ErrorState title="The job could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!job) return <ListSkeleton />;
  const { words, tone } = jobState(job);
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Jobs', href: '/jobs' }]}
        title={<Name>{job.title}</Name>}
        badges={
          <span role="status" className="text-sm">
            <Status tone={tone}>{words}</Status>
          </span>
        }
        action={
          <span className="flex max-w-[calc(100vw-2rem)] flex-wrap gap-2">
            {job.canApprove ? <ApproveButton jobId={job.id} /> : null}
            <JobActions job={job} />
            {job.next ? (
              <ButtonLink href={job.next.href} prefetch={false} variant="primary">
                {job.next.label}
              </ButtonLink>
            ) : null}
            {job.made && job.made.href !== job.next?.href ? (
              <ButtonLink href={job.made.href} prefetch={false} variant={job.next ? 'secondary' : 'primary'}>
                {job.made.label}
              </ButtonLink>
            ) : null}
            <UndoButton job={job} />
            <RestoreButton job={job} />
            {job.steps === null && job.counts.failed + job.counts.noEffect > 0 ? (
              <a href={failedFileHref(job.id)} download className={buttonClass('secondary', 'md')}>
                <Download size={14} aria-hidden /> {fileWords(job)} as CSV
              </a>
            ) : null}
          </span>
        }
      >
        <AppName appId={job.appId} /> · started by <bdi>{job.createdBy ?? 'Flightdeck'}</bdi>{' '}
        <Time at={job.createdAt} />
        {isOpen(job) ? '. You can close this page; the job goes on.' : ''}
      </PageHeader>
      <div className="grid gap-8">
        <JobProgress
          job={job}
          // The step that stopped says it.
          isReasonShown={!job.steps?.some(({ status }) => status === 'failed')}
        />
        {job.gate ? <GatePanel job={job} gate={job.gate} /> : null}
        {job.canApprove ? (
          <p className="max-w-prose text-ink-soft text-sm">
            What each step would do, and whom it mails, is told as it stood when the job was begun,{' '}
            <Time at={job.createdAt} />.
          </p>
        ) : null}
        {job.steps ? (
          <StepList
            steps={job.steps}
            appId={job.appId}
            // What it holds for stands above them.
            waiting={job.gate ? '' : job.canApprove ? TO_APPROVE : job.waiting?.reason}
            isOver={!isOpen(job) && job.status !== 'paused'}
          />
        ) : (
          <JobItems job={job} />
        )}
      </div>
    </>
  );
}
