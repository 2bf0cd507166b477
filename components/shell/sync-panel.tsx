'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { Refusal } from '@/components/ui/error-state';
import { Name } from '@/components/ui/name';
import { Progress } from '@/components/ui/progress';
import { useShown } from '@/components/ui/shown-view';
import { SyncNow, useViewSync } from '@/components/ui/sync-now';
import { Time } from '@/components/ui/time';
import type { ShownView } from '@/lib/browser/freshness';
import { runSyncMutation } from '@/lib/browser/mutations';
import { syncOptions } from '@/lib/browser/own';
import type { SyncStatus } from '@/lib/browser/types';
import { formatCount } from '@/lib/format/numbers';
import { mostUrgentFirst, ourTone } from '@/lib/format/tones';
import { StuckLists } from './stuck-lists';
import { typeNoun } from './sync-words';

/** Each account's sync: progress while it runs, when it last finished, what stopped it, and the quota. */
export default function SyncPanel() {
  const { data } = useQuery(syncOptions());
  const view = useShown();
  return (
    <ul className="grid gap-4">
      {view ? (
        <li>
          <ViewSync view={view} />
        </li>
      ) : null}
      {mostUrgentFirst(data?.data ?? [], ({ status }) => ourTone(`sync.${status}`)).map((status) => (
        <li key={status.accountId} className="border-t pt-3 first:border-t-0 first:pt-0">
          <AccountSync status={status} />
        </li>
      ))}
    </ul>
  );
}

/** What the page shows: its age, and a sync of just that. */
function ViewSync({ view }: { view: ShownView }) {
  const sync = useViewSync(view);
  if (!sync.freshness) return null;
  const { what, fetchedAt, refresh: last } = sync.freshness;
  return (
    <section className="grid gap-2 text-sm" aria-label="This page">
      <div className="flex items-center justify-between gap-2">
        <h3 className="min-w-0 font-medium">
          <Name>{`${what.charAt(0).toUpperCase()}${what.slice(1)}`}</Name>
        </h3>
        <SyncNow sync={sync} />
      </div>
      <p className="text-ink-soft">
        {sync.refresh.isRunning ? (
          `Reading ${what} …`
        ) : fetchedAt ? (
          <>
            As of <Time at={fetchedAt} />
          </>
        ) : (
          'Not read completely yet'
        )}
      </p>
      {last?.status === 'failed' ? <p className="text-bad">{last.error}</p> : null}
    </section>
  );
}

function AccountSync({ status }: { status: SyncStatus }) {
  const mayRun = useMay('sync:run');
  const run = useMutation(runSyncMutation());
  const isRunning = status.status === 'running';
  return (
    <section className="grid gap-2 text-sm">
      <div className="flex items-center justify-between gap-2">
        <h3 className="min-w-0 truncate font-medium">
          <Name>{status.name}</Name>
        </h3>
        {mayRun ? (
          <Button
            size="sm"
            icon={<RotateCw size={13} aria-hidden />}
            busy={run.isPending || isRunning}
            onClick={() => run.mutate({ accountId: status.accountId, mode: 'incremental' })}
          >
            Look for news
          </Button>
        ) : null}
      </div>
      {isRunning ? <Steps status={status} /> : null}
      <p className="text-ink-soft">
        {status.lastSucceededAt ? (
          <>
            Last finished <Time at={status.lastSucceededAt} />
            {status.rows === undefined
              ? ''
              : ` · ${formatCount(status.rows)} rows, ${formatCount(status.requests)} requests`}
          </>
        ) : (
          'Has not finished yet'
        )}
      </p>
      {status.budget ? (
        <p className="text-ink-soft">
          {formatCount(status.budget.remaining)} of {formatCount(status.budget.limit)} requests left this
          hour, as of <Time at={status.budget.observedAt} />
        </p>
      ) : (
        <p className="text-ink-soft">App Store Connect has not said how many requests are left.</p>
      )}
      {status.error ? <p className="text-bad">{status.error}</p> : null}
      {status.stuck?.length ? (
        <p className="text-attention">
          <StuckLists lists={status.stuck} />
        </p>
      ) : null}
      <Refusal error={run.error} />
    </section>
  );
}

function Steps({ status }: { status: SyncStatus }) {
  return (
    <ul className="grid gap-2" aria-label="Progress">
      {Object.entries(status.progress ?? {}).map(([type, { seen, total }]) => (
        <li key={type} className="grid gap-1">
          <div className="flex justify-between text-ink-soft text-xs tabular-nums">
            <span>{typeNoun(type)}</span>
            <span>
              {formatCount(seen)}
              {total ? ` of ${formatCount(total)}` : ''}
            </span>
          </div>
          <Progress label={typeNoun(type)} done={seen} total={total} />
        </li>
      ))}
    </ul>
  );
}
