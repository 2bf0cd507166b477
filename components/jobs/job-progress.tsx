import { Progress } from '@/components/ui/progress';
import { Time } from '@/components/ui/time';
import type { Job } from '@/lib/browser/jobs';
import { isOpen } from '@/lib/browser/open-jobs';
import { formatDuration } from '@/lib/format/durations';
import { formatCount } from '@/lib/format/numbers';
import { HoldHelp } from './hold-help';
import { isDryRun, settledCount, skippedWords } from './job-words';

/** The bar with how much is done, how fast it goes and how long it will take. */
export function JobProgress({ job, isReasonShown = true }: { job: Job; isReasonShown?: boolean }) {
  const settled = settledCount(job);
  return (
    <div className="grid gap-2">
      <Progress label={job.title} done={settled} total={job.counts.total} />
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-ink-soft text-sm tabular-nums">
        <span className="font-medium text-ink">
          {formatCount(settled)} of {formatCount(job.counts.total)}
        </span>
        {isDryRun(job) ? <span>nothing sent</span> : <span>{formatCount(job.counts.done)} done</span>}
        {job.counts.failed > 0 ? (
          <span className="text-bad">
            {job.kind === 'ship' ? 'stopped' : `${formatCount(job.counts.failed)} refused`}
          </span>
        ) : null}
        {job.counts.noEffect > 0 ? (
          <span className="text-attention">{formatCount(job.counts.noEffect)} without effect</span>
        ) : null}
        {job.counts.skipped > 0 ? <span>{skippedWords(job)}</span> : null}
        {job.undoneBy ? <span>taken back since</span> : null}
        {job.counts.ambiguous > 0 ? <span>{formatCount(job.counts.ambiguous)} being checked</span> : null}
        <Pace job={job} />
      </p>
      {job.waiting ? (
        <p className="text-attention text-sm">
          {/* A ship looks again every few seconds, and its step says for what. */}
          {job.kind === 'ship' ? (
            'It looks again by itself.'
          ) : (
            <>
              {job.waiting.reason} {isOpen(job) ? 'It goes on by itself' : 'It is looked up again'}{' '}
              <Time at={job.waiting.until} isToCome />.
            </>
          )}
        </p>
      ) : null}
      {job.error && isReasonShown ? (
        <p role="status" className="break-words text-bad text-sm">
          {job.error}
        </p>
      ) : null}
      <HoldHelp job={job} />
    </div>
  );
}

function Pace({ job }: { job: Job }) {
  if (!isOpen(job)) {
    return job.finishedAt ? (
      <span>
        ended <Time at={job.finishedAt} />
      </span>
    ) : null;
  }
  return (
    <>
      {job.perMinute === null ? null : <span>{formatCount(Math.round(job.perMinute))} a minute</span>}
      {job.leftMs === null || job.leftMs === 0 ? null : <span>{formatDuration(job.leftMs)} left</span>}
      {job.leftBetween ? <span>{openEnd(job.leftBetween)}</span> : null}
    </>
  );
}

function openEnd({ soonestMs, latestMs }: NonNullable<Job['leftBetween']>): string {
  const [soonest, latest] = [formatDuration(soonestMs), formatDuration(latestMs)];
  const left = soonest === latest ? `about ${latest} left` : `${soonest} to ${latest} left`;
  return `${left}: how many requests a minute Apple allows is not known yet`;
}
