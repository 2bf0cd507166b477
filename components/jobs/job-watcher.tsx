'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { toast } from '@/components/ui/toast';
import { type Job, jobOptions } from '@/lib/browser/jobs';
import { keys } from '@/lib/browser/keys';
import { makeStale } from '@/lib/browser/make-stale';
import { undoMutation } from '@/lib/browser/mutations';
import { isActive } from '@/lib/browser/open-jobs';
import { sentenceWords } from './sentence-words';
import { announceJob, forgetJob, useWatchedJobs } from './watched-jobs';

const CHANGED = [
  keys.type('betaTesters'),
  keys.type('betaGroups'),
  keys.type('builds'),
  keys.noun('people'),
  keys.noun('overview'),
  keys.noun('activity'),
  // What became of the last items.
  keys.noun('jobs'),
];
/** What takes longer is worth a word at its beginning, ms. */
const SHORT_MS = 3_000;

/** Asks again for the lists a job has changed, once it has ended, and tells what came of those begun here. */
export default function JobWatcher() {
  return useWatchedJobs().map(({ id, isAnnounced }) => <Watch key={id} id={id} isAnnounced={isAnnounced} />);
}

function Watch({ id, isAnnounced }: { id: string; isAnnounced: boolean }) {
  const client = useQueryClient();
  const router = useRouter();
  const undo = useMutation(undoMutation(['betaGroups', 'betaTesters', 'builds']));
  const { data, isError } = useQuery(jobOptions(id));
  const job = data?.data;
  const hasEnded = isError || (job ? !isActive(job) && job.status !== 'paused' : false);
  const latest = useRef(job);
  useEffect(() => {
    latest.current = job;
  });
  const open = (href: string) => () => router.push(href);
  const told = useRef({ open, takeBack: undo.mutateAsync });
  useEffect(() => {
    told.current = { open, takeBack: undo.mutateAsync };
  });
  useEffect(() => {
    if (!isAnnounced || hasEnded) return;
    const timer = setTimeout(() => {
      if (isShown(id)) return;
      const title = latest.current?.title ?? 'The job';
      void toast({
        title: `${title}: under way`,
        detail: 'It goes on by itself and is found under Jobs.',
        link: { label: 'Open the job', open: told.current.open(pageOf(id)) },
      });
    }, SHORT_MS);
    return () => clearTimeout(timer);
  }, [id, isAnnounced, hasEnded]);
  useEffect(() => {
    if (!hasEnded) return;
    for (const queryKey of CHANGED) makeStale(client, { queryKey });
    if (isAnnounced && latest.current) tell(latest.current, told.current);
    forgetJob(id);
  }, [client, hasEnded, id, isAnnounced]);
  return null;
}

const pageOf = (id: string) => `/jobs/${encodeURIComponent(id)}`;

/** Whether the job's own page is what one looks at: it says all that a word about the job would. */
const isShown = (id: string): boolean => window.location.pathname === pageOf(id);

/** What a job did, with the way to see it and the way back. */
function tell(
  job: Job,
  how: {
    open: (href: string) => () => void;
    takeBack: (id: string) => Promise<{ data: unknown }>;
  },
): void {
  const hasFailed = job.counts.failed > 0;
  if (isShown(job.id) && (hasFailed || job.kind === 'ship')) return;
  const href = hasFailed ? pageOf(job.id) : job.made?.href;
  const link = hasFailed
    ? job.kind === 'ship'
      ? 'See what it needs'
      : 'See what was refused'
    : job.made?.label;
  void toast({
    title: sentenceWords(job.sentence),
    detail: job.rest || undefined,
    ...(href && link ? { link: { label: link, open: how.open(href) } } : {}),
    ...(job.canUndo
      ? {
          // The other job tells itself when it is through.
          isQuietUndo: true,
          undo: async () => {
            const { data } = await how.takeBack(job.id);
            announceJob((data as { jobId: string }).jobId);
          },
        }
      : {}),
  });
}
