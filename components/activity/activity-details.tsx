'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { ErrorState } from '@/components/ui/late-error';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { activityOptions } from '@/lib/browser/own';
import type { ActivityEntry } from '@/lib/browser/types';

/** How a change inside a job is shown: as an entry of its own. */
type Row = (entry: ActivityEntry) => ReactNode;

/** Everything that is known of an act: what a job did one by one, or how a change stands in the trail. */
export function ActivityDetails({ entry, row }: { entry: ActivityEntry; row: Row }) {
  return (
    <div className="mt-2 ml-8 max-sm:ml-2">
      {entry.job ? <JobRows jobId={entry.job.id} row={row} /> : <Machine entry={entry} />}
    </div>
  );
}

function JobRows({ jobId, row }: { jobId: string; row: Row }) {
  const list = useInfiniteQuery(activityOptions(`job=${encodeURIComponent(jobId)}`));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <div className="grid gap-2 border-l pl-4 max-sm:pl-2">
      {list.isPending ? <ListSkeleton rows={3} /> : null}
      {list.error ? (
        <ErrorState
          title="What it did could not be loaded"
          error={list.error}
          onRetry={() => void list.refetch()}
        />
      ) : null}
      <ol aria-label="What it did" className="nested empty:hidden">
        {rows.map(row)}
      </ol>
      <div className="flex flex-wrap gap-2 pb-1">
        {list.hasNextPage ? (
          <Button size="sm" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        ) : null}
        <ButtonLink size="sm" href={`/jobs/${encodeURIComponent(jobId)}`} prefetch={false}>
          Open the job
        </ButtonLink>
      </div>
    </div>
  );
}

/** The machine's words, for support: nobody needs them to understand what happened. */
function Machine({ entry }: { entry: ActivityEntry }) {
  const { finishedAt, accountName, actorEmail, errors, before, after } = entry;
  const codes = errors?.flatMap(({ code }) => code ?? []) ?? [];
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['By', <bdi key="by">{actorEmail ?? 'Flightdeck'}</bdi>],
    ['Account', accountName && <bdi>{accountName}</bdi>],
    ['Outcome known', finishedAt && <Time at={finishedAt} />],
    ['Codes', codes.length > 0 && codes.join(', ')],
    ['Operation', `${entry.action} ${entry.type}`],
    ['ID', entry.resourceId],
    ['Entry', entry.id],
    ['Request at Apple', entry.appleRequestId],
  ];
  return (
    <details className="grid gap-2 rounded-md border bg-sunken p-3 text-xs" open>
      <summary className="cursor-pointer font-medium">Details for support</summary>
      <dl className="mt-2 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1">
        {facts.map(([name, value]) =>
          value ? (
            <div key={name} className="contents">
              <dt className="text-ink-soft">{name}</dt>
              <dd className="break-all font-mono">{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      <Json name="Before" value={before} />
      <Json name="After" value={after} />
    </details>
  );
}

function Json({ name, value }: { name: string; value: unknown }) {
  if (value === null || value === undefined) return null;
  return (
    <figure className="mt-2 grid gap-1">
      <figcaption className="text-ink-soft">{name}</figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-60 overflow-auto whitespace-pre-wrap break-all"
      >
        {JSON.stringify(value, null, 2)}
      </pre>
    </figure>
  );
}
