'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { isActive, jobOptions } from '@/lib/query/jobs';
import { keys } from '@/lib/query/keys';
import { forgetJob, useWatchedJobs } from './watched-jobs';

const CHANGED = [
  keys.type('betaTesters'),
  keys.type('betaGroups'),
  keys.type('builds'),
  keys.noun('people'),
  keys.noun('overview'),
  // What became of the last items.
  keys.noun('jobs'),
];

/** Asks again for the lists a job has changed, once it has ended. */
export function JobWatcher() {
  return useWatchedJobs().map((id) => <Watch key={id} id={id} />);
}

function Watch({ id }: { id: string }) {
  const client = useQueryClient();
  const { data, isError } = useQuery(jobOptions(id));
  const job = data?.data;
  const hasEnded = isError || (job ? !isActive(job) && job.status !== 'paused' : false);
  useEffect(() => {
    if (!hasEnded) return;
    for (const queryKey of CHANGED) void client.invalidateQueries({ queryKey });
    forgetJob(id);
  }, [client, hasEnded, id]);
  return null;
}
