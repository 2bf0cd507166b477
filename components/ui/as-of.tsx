'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import clsx from 'clsx';
import { RotateCw } from 'lucide-react';
import { useEffect, useRef } from 'react';
import {
  type Freshness,
  freshnessOptions,
  isRefreshing,
  refetchView,
  refreshViewMutation,
  type ShownView,
} from '@/lib/browser/freshness';
import { useShow } from './shown-view';
import { Time } from './time';
import { toast, toastError } from './toast';

/** How old is what stands here, by the one rule for every age, and the way to have it read again. */
export function AsOf({ view, trouble }: { view: ShownView; trouble?: string | null | undefined }) {
  useShow(view);
  const freshness = useFreshness(view);
  const refresh = useRefresh(view, freshness);
  if (!freshness) return null;
  const { fetchedAt, canRefresh, what } = freshness;
  const reason = trouble ?? failureOf(freshness);
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1 text-ink-soft text-sm">
      <span role="status">
        {refresh.isRunning ? (
          `Reading ${what} …`
        ) : (
          <>
            {fetchedAt ? (
              <>
                As of <Time at={fetchedAt} />
              </>
            ) : (
              'Not read completely yet'
            )}
            {reason ? <span className="text-attention">. Could not be read again: {reason}</span> : null}
          </>
        )}
      </span>
      {canRefresh ? (
        <button
          type="button"
          aria-label={`Read ${what} again`}
          data-tip={`Read ${what} again`}
          disabled={refresh.isRunning}
          onClick={refresh.run}
          className="inline-flex size-7 items-center justify-center rounded-md hover:bg-hover hover:text-ink disabled:opacity-55 max-sm:size-9"
        >
          <RotateCw size={13} aria-hidden className={clsx(refresh.isRunning && 'animate-spin')} />
        </button>
      ) : null}
    </span>
  );
}

function failureOf({ refresh }: Freshness): string | null {
  return refresh?.status === 'failed' ? (refresh.error ?? 'App Store Connect gave no reason.') : null;
}

/** The age of a view; what it shows is fetched anew from our own server when it has become younger. */
export function useFreshness(view: ShownView): Freshness | undefined {
  const client = useQueryClient();
  const { data } = useQuery(freshnessOptions(view));
  const fetchedAt = data?.data.fetchedAt;
  const before = useRef(fetchedAt);
  const key = JSON.stringify(view);
  useEffect(() => {
    const isYounger = before.current && fetchedAt && fetchedAt > before.current;
    before.current = fetchedAt ?? before.current;
    if (isYounger) refetchView(client, JSON.parse(key) as ShownView);
  }, [client, fetchedAt, key]);
  return data?.data;
}

/** Has a view read again and says what came of it. */
export function useRefresh(view: ShownView, freshness: Freshness | undefined) {
  const client = useQueryClient();
  const { mutate, isPending } = useMutation(refreshViewMutation(client, view));
  const what = freshness?.what ?? 'this';
  const run = () =>
    mutate(undefined, {
      onSuccess: (look) => {
        if (look?.outcome === 'failed') {
          void toast({ title: `Could not read ${what}`, ...(look.reason ? { detail: look.reason } : {}) });
        }
      },
      onError: (error) => void toastError(`Could not read ${what}`, error),
    });
  return { run, isRunning: isPending || isRefreshing(freshness) };
}
