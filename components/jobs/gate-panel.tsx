'use client';

import { Play, X } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { Status } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import type { Job, JobGate } from '@/lib/browser/jobs';
import { CRASH_FREE_REACH } from '@/lib/format/crash-free';
import { jobState } from './job-words';

const CancelQuestion = onDemand(() => import('./cancel-question'));
const ReleaseDialog = onDemand(() => import('./release-dialog'));

/** What a job waits for before its second stage, whom that will mail, and what a person can do instead of waiting. */
export default function GatePanel({ job, gate }: { job: Job; gate: JobGate }) {
  const mayRun = useMay('jobs:run');
  const [asked, setAsked] = useState<'release' | 'stop' | null>(null);
  const close = () => setAsked(null);
  const { words, tone } = jobState(job);
  const isPaused = job.status === 'paused';
  return (
    <section
      aria-label="The second stage"
      className="grid max-w-3xl gap-3 rounded-lg border border-line p-4 text-sm"
    >
      <h2 className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 font-semibold text-base">
        <span>
          Then to <GroupNames names={gate.groups} />
        </span>
        <span className="font-normal text-sm">
          <Status tone={tone}>{words}</Status>
        </span>
      </h2>
      <p className="text-pretty wrap-anywhere">{gate.words}</p>
      {gate.readAt ? (
        <p className="text-ink-soft">
          Read <Time at={gate.readAt} />
          {isPaused
            ? '. The job is paused: it reads on, and can be released, when it is resumed.'
            : ', and once an hour.'}
          {gate.isHeld ? ' It goes on by itself as soon as the readings allow it.' : ''} {CRASH_FREE_REACH}
        </p>
      ) : null}
      <p className="text-pretty wrap-anywhere">{gate.mails} Counted by our copy of the groups.</p>
      {mayRun ? (
        <p className="flex flex-wrap gap-2">
          {gate.canRelease ? (
            <Button icon={<Play size={14} aria-hidden />} onClick={() => setAsked('release')}>
              <span className="max-w-64 truncate">
                Release to {gate.groups.length === 1 ? <GroupNames names={gate.groups} /> : 'them'} now
              </span>
            </Button>
          ) : null}
          <Button variant="ghost" icon={<X size={14} aria-hidden />} onClick={() => setAsked('stop')}>
            Stop here
          </Button>
        </p>
      ) : null}
      {asked === 'release' ? <ReleaseDialog jobId={job.id} gate={gate} onClose={close} /> : null}
      {asked === 'stop' ? <CancelQuestion job={job} onClose={close} /> : null}
    </section>
  );
}

function GroupNames({ names }: { names: readonly string[] }) {
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 ? ', ' : ''}
      <Name>{name}</Name>
    </span>
  ));
}
