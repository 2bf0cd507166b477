'use client';

import { ArrowRight, Undo2 } from 'lucide-react';
import Link from 'next/link';
import { State } from '@/components/programme/state';
import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { Time } from '@/components/ui/time';
import { valueLabel } from '@/lib/format/labels';
import type { ActivityEntry } from '@/lib/query/types';
import { type Change, changesOf, deedWords } from './activity-words';

/** One entry: who did what to what, the values before and after, how it went, and the way back. */
export function ActivityRow({
  entry,
  onUndo,
  isBusy,
}: {
  entry: ActivityEntry;
  onUndo: (entry: ActivityEntry) => void;
  isBusy: boolean;
}) {
  const changes = changesOf(entry);
  return (
    <li className="wrap-anywhere grid grid-cols-[minmax(0,1fr)] gap-x-6 gap-y-1 border-b py-3 text-sm sm:grid-cols-[minmax(0,1fr)_9rem_8rem]">
      <div className="grid min-w-0 gap-1">
        <p className="min-w-0 break-words">
          <bdi className="font-medium">{entry.actorEmail ?? 'Flightdeck'}</bdi>{' '}
          <span className="text-ink-soft">
            {entry.undoOf ? 'undid a change: ' : ''}
            {deedWords(entry)}
          </span>{' '}
          <Subject entry={entry} />
        </p>
        {changes.length > 0 ? (
          <ul className="grid gap-0.5">
            {changes.map((change) => (
              <ChangeLine key={change.attribute} change={change} />
            ))}
          </ul>
        ) : null}
        {entry.errors?.map((problem, index) => (
          <p key={problem.id ?? index} className="text-bad">
            {problem.detail ?? problem.title}
            {problem.code ? (
              <span className="ml-2 font-mono text-ink-soft text-xs">{problem.code}</span>
            ) : null}
          </p>
        ))}
      </div>
      <div className="flex items-start justify-between gap-2 sm:grid sm:content-start">
        <State value={entry.status} />
        {entry.canUndo ? (
          <Button
            size="sm"
            variant="ghost"
            className="w-fit sm:-ml-2"
            icon={<Undo2 size={13} aria-hidden />}
            disabled={isBusy}
            onClick={() => onUndo(entry)}
          >
            Undo
          </Button>
        ) : null}
      </div>
      <Time at={entry.at} className="text-ink-soft sm:text-right" />
    </li>
  );
}

function Subject({ entry }: { entry: ActivityEntry }) {
  const { label, type, appId, resourceId, appName } = entry;
  if (!label || type === 'sessions') return null;
  const name = <Name className="font-medium">{label}</Name>;
  const href = appId && resourceId && type === 'betaGroups' ? `/apps/${appId}/groups/${resourceId}` : null;
  return (
    <>
      {href ? (
        <Link href={href} prefetch={false} className="hover:underline">
          {name}
        </Link>
      ) : (
        name
      )}
      {appName ? (
        <span className="text-ink-soft">
          {' '}
          in <Name>{appName}</Name>
        </span>
      ) : null}
    </>
  );
}

function ChangeLine({ change }: { change: Change }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-2 text-ink-soft">
      <span>{change.attribute}:</span>
      <span className="min-w-0 break-words">
        <span className="sr-only">from </span>
        <bdi>{valueLabel(change.before)}</bdi>
      </span>
      <ArrowRight size={12} aria-hidden className="self-center" />
      <span className="min-w-0 break-words text-ink">
        <span className="sr-only">to </span>
        <bdi>{valueLabel(change.after)}</bdi>
      </span>
    </li>
  );
}
