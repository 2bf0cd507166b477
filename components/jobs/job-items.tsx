'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, buttonClass } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { useUrlChoice } from '@/components/ui/use-url-state';
import { type ItemStatus, type Job, type JobItem, jobItemsOptions } from '@/lib/browser/jobs';
import { isActive } from '@/lib/browser/open-jobs';
import { formatCount } from '@/lib/format/numbers';
import { filterWords, ITEM_FILTERS, itemState, itemWho } from './job-words';

/** What became of each thing of a job, with the reason and the code of what was refused. */
export function JobItems({ job }: { job: Job }) {
  const [shown, setShown] = useUrlChoice('items', ITEM_FILTERS, null);
  const list = useInfiniteQuery(jobItemsOptions(job.id, shown, isActive(job)));
  const items = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <section aria-label="Items" className="grid gap-3">
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">Show</legend>
        <FilterButton isChosen={shown === null} count={job.counts.total} onChoose={() => setShown(null)}>
          All
        </FilterButton>
        {ITEM_FILTERS.map((status) => (
          <FilterButton
            key={status}
            isChosen={shown === status}
            count={countOf(job, status)}
            onChoose={() => setShown(status)}
          >
            {filterWords(job, status)}
          </FilterButton>
        ))}
      </fieldset>
      {list.isPending ? <ListSkeleton rows={6} /> : null}
      {list.error ? (
        <ErrorState
          title="The items could not be loaded"
          error={list.error}
          onRetry={() => void list.refetch()}
        />
      ) : null}
      {items.length > 0 ? (
        <ol data-list="" className="border-t">
          {items.map((item) => (
            <ItemRow key={item.position} item={item} />
          ))}
        </ol>
      ) : null}
      {list.data && items.length === 0 ? <EmptyState title="None of these" /> : null}
      {list.hasNextPage ? (
        <div className="flex justify-center py-4">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function countOf({ counts }: Job, status: ItemStatus): number {
  if (status === 'sending') return 0;
  return counts[status];
}

function FilterButton({
  isChosen,
  count,
  onChoose,
  children,
}: {
  isChosen: boolean;
  count: number;
  onChoose: () => void;
  children: string;
}) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={buttonClass('ghost', 'md', 'aria-pressed:bg-active aria-pressed:text-ink')}
    >
      {children} <span className="tabular-nums">{formatCount(count)}</span>
    </button>
  );
}

function ItemRow({ item }: { item: JobItem }) {
  const { words, tone } = itemState(item.status, item.errorCode);
  return (
    <li
      data-list-row=""
      tabIndex={-1}
      className="grid gap-x-4 gap-y-1 border-b py-2 text-sm sm:grid-cols-[minmax(0,1fr)_9rem_minmax(0,2fr)_8rem]"
    >
      <Who item={item} />
      <span className="self-start">
        <Status tone={tone}>{words}</Status>
      </span>
      <div className="min-w-0 break-words text-ink-soft">
        {item.errorDetail ?? reasonsOf(item.payload)}
        {item.isReconciled ? ' Found by asking App Store Connect again.' : ''}
        {item.errorCode && !isOurs(item.errorCode) ? (
          <span className="ml-2 font-mono text-xs">{item.errorCode}</span>
        ) : null}
      </div>
      {item.finishedAt ? <Time at={item.finishedAt} className="text-ink-soft sm:text-right" /> : <span />}
    </li>
  );
}

/** Apple's codes can be looked up; ours say no more than the words beside them, and stand in the file of what was refused. */
function isOurs(code: string): boolean {
  return code.startsWith('FLIGHTDECK.');
}

/** Who it is about: by name, with the address below. */
function Who({ item }: { item: JobItem }) {
  const { name, label } = itemWho(item);
  return (
    <span className="grid min-w-0 grid-cols-1 wrap-anywhere">
      <bdi className="font-medium">{name}</bdi>
      {name !== label ? <bdi className="text-ink-soft">{label}</bdi> : null}
    </span>
  );
}

/** Why a rule chose somebody, which a removal keeps beside the name. */
function reasonsOf(payload: unknown): string {
  const reasons =
    typeof payload === 'object' && payload !== null && 'reasons' in payload ? payload.reasons : null;
  return Array.isArray(reasons) ? reasons.join(' · ') : '';
}
