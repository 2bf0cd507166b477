'use client';

import clsx from 'clsx';
import { ArrowRight, ChevronRight, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { State } from '@/components/programme/state';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import { Sentence } from '@/components/ui/sentence';
import { Time } from '@/components/ui/time';
import type { ActivityEntry } from '@/lib/browser/types';
import { ActivityDetails } from './activity-details';
import type { TakeBack } from './use-take-back';

const UndoDialog = onDemand(() => import('@/components/jobs/undo-dialog'));

/** One act: who did what to what, how it went, and the way back; unfolded, everything that is known of it. */
export function ActivityRow({
  entry,
  takeBack,
  isNested = false,
}: {
  entry: ActivityEntry;
  takeBack: TakeBack;
  /** Inside a job that is unfolded. */
  isNested?: boolean;
}) {
  const [isOpen, setOpen] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const { changes, errors, who, actorEmail } = entry;
  return (
    <li
      data-list-row={isNested ? undefined : ''}
      tabIndex={isNested ? undefined : -1}
      className="wrap-anywhere border-b py-2.5 text-sm last:in-[.nested]:border-b-0"
    >
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 gap-y-1 sm:grid-cols-[auto_minmax(0,1fr)_9rem_8rem]">
        <button
          type="button"
          data-open
          aria-expanded={isOpen}
          aria-label={isOpen ? 'Fold up' : 'Unfold'}
          onClick={() => setOpen(!isOpen)}
          className="inline-flex size-6 items-center justify-center rounded-sm text-ink-soft hover:bg-hover max-sm:size-11 max-sm:-my-2.5"
        >
          <ChevronRight
            size={14}
            aria-hidden
            className={clsx('transition-transform', isOpen && 'rotate-90')}
          />
        </button>
        <div className="grid min-w-0 gap-1 pt-0.5">
          <p className="min-w-0 wrap-anywhere text-ink-soft">
            {isNested ? null : (
              <bdi
                className="font-medium text-ink"
                data-tip={actorEmail && actorEmail !== who ? actorEmail : undefined}
              >
                {who}
              </bdi>
            )}{' '}
            <Sentence parts={entry.sentence} />
            {entry.rest ? <span> · {entry.rest}</span> : null}
          </p>
          {changes.length > 0 ? (
            <ul className="grid gap-0.5">
              {changes.map((change) => (
                <ChangeLine key={change.what} change={change} />
              ))}
            </ul>
          ) : null}
          {errors?.map((problem, index) => (
            <p key={problem.id ?? index} className="text-bad">
              {problem.detail ?? problem.title}
            </p>
          ))}
        </div>
        <div className="flex items-start justify-between gap-2 max-sm:col-start-2 sm:grid sm:content-start sm:pt-0.5">
          <State value={entry.status} />
          {entry.canUndo ? (
            <Button
              size="sm"
              variant="ghost"
              className="w-fit sm:-ml-2"
              icon={<Undo2 size={13} aria-hidden />}
              disabled={takeBack.isBusy}
              onClick={() => (entry.undoAsks ? setAsking(true) : takeBack.run(entry.id))}
            >
              Undo
            </Button>
          ) : null}
        </div>
        <Time at={entry.at} className="text-ink-soft max-sm:col-start-2 sm:pt-0.5 sm:text-right" />
      </div>
      {isAsking ? <UndoDialog jobId={entry.id} onClose={() => setAsking(false)} /> : null}
      {isOpen ? (
        <ActivityDetails
          entry={entry}
          row={(one) => <ActivityRow key={one.id} entry={one} takeBack={takeBack} isNested />}
        />
      ) : null}
    </li>
  );
}

function ChangeLine({ change }: { change: ActivityEntry['changes'][number] }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-2 text-ink-soft">
      <span>{change.what}:</span>
      <span className="min-w-0 wrap-anywhere">
        <span className="sr-only">from </span>
        <bdi>{change.before}</bdi>
      </span>
      <ArrowRight size={12} aria-hidden className="self-center" />
      <span className="min-w-0 wrap-anywhere text-ink">
        <span className="sr-only">to </span>
        <bdi>{change.after}</bdi>
      </span>
    </li>
  );
}
