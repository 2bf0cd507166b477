'use client';

import { useQuery } from '@tanstack/react-query';
import { onDemand } from '@/components/ui/on-demand';
import { Popover } from '@/components/ui/popover';
import { useShown } from '@/components/ui/shown-view';
import { Dot } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { freshnessOptions, isRefreshing, type ShownView } from '@/lib/browser/freshness';
import { syncOptions } from '@/lib/browser/own';
import type { SyncStatus } from '@/lib/browser/types';
import { formatCount } from '@/lib/format/numbers';
import { type OurState, ourTone, type Tone } from '@/lib/format/tones';
import { foremost, progressWords } from './sync-words';

const SyncPanel = onDemand(() => import('./sync-panel'));

/** How fresh the programme is and how much of Apple's hourly quota is left; opens to the details. */
export function SyncChip() {
  const { data } = useQuery(syncOptions());
  const view = useShown();
  const accounts = data?.data ?? [];
  const status = foremost(accounts);
  if (!status) return null;
  const { budget } = status;
  return (
    <Popover
      title="Sync with App Store Connect"
      panel={<SyncPanel />}
      className="inline-flex h-8 min-w-0 items-center gap-2 rounded-md border px-2.5 text-ink-soft text-xs tabular-nums hover:bg-hover max-sm:h-9"
    >
      <Dot tone={toneOf(status)} isPulsing={status.status === 'running'} />
      <span className="truncate">
        <Freshness status={status} view={view} />
        {budget ? (
          <span className="max-lg:hidden">
            {' '}
            · {formatCount(budget.remaining)} of {formatCount(budget.limit)} requests left
          </span>
        ) : null}
      </span>
    </Popover>
  );
}

/** What is wrong with the key or with App Store Connect counts, too, though the last sync ended well. */
function toneOf({ status, accountStatus }: SyncStatus): Tone {
  const isQuiet = status === 'idle' && accountStatus !== 'ok';
  return ourTone(isQuiet ? (`key.${accountStatus}` as OurState) : `sync.${status}`);
}

/** The age of what the page shows, by the same rule as on the page. */
function Freshness({ status, view }: { status: SyncStatus; view: ShownView | undefined }) {
  if (status.status === 'running') return <>Syncing {progressWords(status)}</>;
  if (status.status === 'failed') return <>Sync failed</>;
  if (!status.lastSucceededAt) return <>Not synced yet</>;
  if (view) return <Age view={view} />;
  return status.accountStatus === 'ok' ? <>In sync</> : <>Needs a look</>;
}

function Age({ view }: { view: ShownView }) {
  const { data } = useQuery(freshnessOptions(view));
  if (!data) return <>In sync</>;
  if (isRefreshing(data.data)) return <>Reading {data.data.what}</>;
  return data.data.fetchedAt ? (
    <>
      <span className="max-sm:hidden">As of </span>
      <Time at={data.data.fetchedAt} />
    </>
  ) : (
    <>Not read completely yet</>
  );
}
