'use client';

import { useQuery } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';
import Link from 'next/link';
import { useMay } from '@/components/shell/use-may';
import { formatCount } from '@/lib/format/numbers';
import { isActive, openJobsOptions } from '@/lib/query/jobs';
import { JobWatcher } from './job-watcher';

/** The way to the jobs, with how many are waiting or running. */
export function JobsIcon() {
  const mayRead = useMay('jobs:read');
  if (!mayRead) return null;
  return (
    <>
      <Icon />
      <JobWatcher />
    </>
  );
}

function Icon() {
  const { data } = useQuery(openJobsOptions());
  const count = data?.data.filter(isActive).length ?? 0;
  const label = count === 0 ? 'Jobs' : `Jobs, ${formatCount(count)} running`;
  return (
    <Link
      href="/jobs"
      prefetch={false}
      aria-label={label}
      data-tip={label}
      className="relative inline-flex size-8 shrink-0 items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink max-sm:size-9"
    >
      <ListChecks size={17} aria-hidden />
      {count > 0 ? (
        <span
          aria-hidden
          className="absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-accent px-1 text-center font-medium text-[0.625rem] text-on-accent leading-4 tabular-nums"
        >
          {count > 99 ? '99+' : count}
        </span>
      ) : null}
    </Link>
  );
}
