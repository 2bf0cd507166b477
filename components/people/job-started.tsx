'use client';

import { useQuery } from '@tanstack/react-query';
import { JobProgress } from '@/components/jobs/job-progress';
import { jobState } from '@/components/jobs/job-words';
import { useWatchJob } from '@/components/jobs/watched-jobs';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Name } from '@/components/ui/name';
import { Skeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import { jobOptions } from '@/lib/query/jobs';

/** A job that has just begun: how far it is, and that nobody has to wait for it. */
export function JobStarted({ jobIds, onClose }: { jobIds: readonly string[]; onClose: () => void }) {
  const [first] = jobIds;
  return (
    <div className="grid gap-4">
      {jobIds.map((id) => (
        <Started key={id} jobId={id} />
      ))}
      <p className="text-ink-soft text-sm">
        You can close this; it goes on by itself and is found under Jobs.
      </p>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Close</Button>
        {first ? (
          <ButtonLink
            variant="primary"
            href={jobIds.length === 1 ? `/jobs/${encodeURIComponent(first)}` : '/jobs'}
          >
            {jobIds.length === 1 ? 'Open the job' : 'Open the jobs'}
          </ButtonLink>
        ) : null}
      </div>
    </div>
  );
}

function Started({ jobId }: { jobId: string }) {
  const { data } = useQuery(jobOptions(jobId));
  const job = data?.data;
  useWatchJob(jobId);
  if (!job) return <Skeleton className="h-12" />;
  const { words, tone } = jobState(job);
  return (
    <section aria-label={job.title} className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
        <Name className="font-medium">{job.title}</Name>
        <span role="status">
          <Status tone={tone}>{words}</Status>
        </span>
      </div>
      <JobProgress job={job} />
    </section>
  );
}
