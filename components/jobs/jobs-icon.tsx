'use client';

import { useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { onDemand } from '@/components/ui/on-demand';
import { Popover } from '@/components/ui/popover';
import type { Job } from '@/lib/browser/jobs';
import { isActive, isNeedy, openJobsOptions } from '@/lib/browser/open-jobs';
import { formatCount } from '@/lib/format/numbers';
import { useWatchedJobs } from './watched-jobs';

const CancelQuestion = onDemand(() => import('./cancel-question'));
const JobWatcher = onDemand(() => import('./job-watcher'));
const UndoDialog = onDemand(() => import('./undo-dialog'));
const JobsPanel = onDemand(() => import('./jobs-panel'));

/** The jobs at hand: how many run or need a person, and opened, what became of each. */
export function JobsIcon() {
  const mayRead = useMay('jobs:read');
  const hasWatched = useWatchedJobs().length > 0;
  if (!mayRead) return null;
  return (
    <>
      <Icon />
      {hasWatched ? <JobWatcher /> : null}
    </>
  );
}

function Icon() {
  const { data } = useQuery(openJobsOptions());
  // The question lies over the page: the panel closes before it is asked.
  const [asked, setAsked] = useState<{ job: Job; what: 'cancel' | 'undo' } | null>(null);
  const jobs = data?.data ?? [];
  const needy = jobs.filter(isNeedy).length;
  const running = jobs.filter(isActive).length;
  const count = needy + running;
  return (
    <>
      <Popover
        label={iconLabel(running, needy)}
        title="Jobs"
        panel={(close) => {
          const ask = (what: 'cancel' | 'undo') => (job: Job) => {
            close();
            setAsked({ job, what });
          };
          return <JobsPanel onLeave={close} onCancel={ask('cancel')} onUndo={ask('undo')} />;
        }}
        className="relative inline-flex size-8 shrink-0 items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink max-sm:size-9"
      >
        <ListChecks size={17} aria-hidden />
        {count > 0 ? (
          <span
            aria-hidden
            className={clsx(
              'absolute -top-0.5 -right-0.5 min-w-4 rounded-full px-1 text-center font-medium text-[0.625rem] text-on-accent leading-4 tabular-nums',
              needy > 0 ? 'bg-bad-fill' : 'bg-accent',
            )}
          >
            {count > 99 ? '99+' : count}
          </span>
        ) : null}
      </Popover>
      {asked?.what === 'cancel' ? <CancelQuestion job={asked.job} onClose={() => setAsked(null)} /> : null}
      {asked?.what === 'undo' ? <UndoDialog jobId={asked.job.id} onClose={() => setAsked(null)} /> : null}
    </>
  );
}

/** What the icon is called: what runs, and before that what waits for a person. */
export function iconLabel(running: number, needy: number): string {
  return [
    'Jobs',
    ...(needy > 0 ? [`${formatCount(needy)} in need of somebody`] : []),
    ...(running > 0 ? [`${formatCount(running)} running`] : []),
  ].join(', ');
}
