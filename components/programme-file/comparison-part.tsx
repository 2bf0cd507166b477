'use client';

import { useMutation } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { announceJob } from '@/components/jobs/watched-jobs';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Refusal } from '@/components/ui/error-state';
import { onDemand } from '@/components/ui/on-demand';
import { Time } from '@/components/ui/time';
import { applyFileMutation, type Comparison, type ShownOperation } from '@/lib/browser/programme-file';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { Changes } from './changes';

const ApplyDialog = onDemand(() => import('./apply-dialog'));

const PARTS = [
  { title: 'To make', is: ({ kind, reason }) => kind === 'create' && reason === null },
  { title: 'To change', is: ({ kind, reason }) => kind === 'change' && reason === null },
  { title: 'To delete', is: ({ kind, reason }) => kind === 'delete' && reason === null },
  { title: 'Left as it is', is: ({ reason }) => reason !== null },
] as const satisfies readonly { title: string; is: (operation: ShownOperation) => boolean }[];

/** What differs between a file and a programme, and the way to apply it. */
export default function ComparisonPart({
  appId,
  text,
  prune,
  compared,
  mayWrite,
  onAgain,
  onPrune,
}: {
  appId: string;
  text: string;
  prune: boolean;
  compared: Comparison;
  mayWrite: boolean;
  onAgain: () => void;
  /** Has what the file does not name deleted, too. */
  onPrune: () => void;
}) {
  const base = useAppBase(appId);
  const [isAsking, setAsking] = useState(false);
  const [jobId, setJobId] = useState<string | null>(null);
  const apply = useMutation(applyFileMutation(appId));
  const { operations, sent, deletions, plan, readAt } = compared;
  const kept = operations.filter(({ kind, reason }) => kind === 'delete' && reason !== null).length;
  const send = (dryRun: boolean, confirm?: number) =>
    apply.mutate(
      { text, prune, plan, dryRun, ...(confirm === undefined ? {} : { confirm }) },
      {
        onSuccess({ data }) {
          setAsking(false);
          setJobId(data.id);
          announceJob(data.id);
        },
      },
    );
  return (
    <section aria-label="Comparison" className="grid gap-4 border-t pt-4">
      <p role="status" className="text-sm">
        <strong className="font-semibold">
          {operations.length === 0
            ? 'The programme is as the file says.'
            : formatPlural(operations.length, 'difference')}
        </strong>{' '}
        <span className="text-ink-soft">
          Read from App Store Connect <Time at={readAt} />.
        </span>
      </p>
      {PARTS.map(({ title, is }) => {
        const some = operations.filter(is);
        return some.length === 0 ? null : (
          <section key={title} className="grid gap-1">
            <h3 className="font-medium text-sm">
              {title} <span className="text-ink-soft tabular-nums">{some.length}</span>
            </h3>
            <ul className="grid divide-y border-y">
              {some.map((operation) => (
                <OneDifference key={operation.says} operation={operation} base={base} />
              ))}
            </ul>
          </section>
        );
      })}
      {kept > 0 && mayWrite ? (
        <Button className="w-fit" onClick={onPrune}>
          Delete {kept === 1 ? 'it' : `these ${formatCount(kept)}`}, too…
        </Button>
      ) : null}
      {jobId === null ? null : (
        <p role="status" className="flex flex-wrap items-center gap-2 text-sm">
          A job is at it.
          <ButtonLink href={`/jobs/${encodeURIComponent(jobId)}`} prefetch={false}>
            Open the job
          </ButtonLink>
          <Button variant="ghost" onClick={onAgain}>
            Compare again
          </Button>
        </p>
      )}
      <Refusal error={isAsking ? null : apply.error} />
      {apply.error && !isAsking ? (
        <Button className="w-fit" onClick={onAgain}>
          Compare again
        </Button>
      ) : null}
      {mayWrite && operations.length > 0 && jobId === null ? (
        <div className="flex flex-wrap gap-2">
          {sent > 0 ? (
            <Button
              variant={deletions > 0 ? 'danger' : 'primary'}
              busy={apply.isPending}
              onClick={() => (deletions > 0 ? setAsking(true) : send(false))}
            >
              Apply {formatPlural(sent, 'change')}
              {deletions > 0 ? '…' : ''}
            </Button>
          ) : null}
          <Button disabled={apply.isPending} onClick={() => send(true)}>
            Dry run
          </Button>
        </div>
      ) : null}
      {isAsking ? (
        <ApplyDialog
          compared={compared}
          error={apply.error}
          isBusy={apply.isPending}
          onApply={() => send(false, deletions)}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </section>
  );
}

function OneDifference({ operation, base }: { operation: ShownOperation; base: string }) {
  const { kind, says, changes, reason, next } = operation;
  return (
    <li className="grid gap-1 py-2 text-sm">
      <p className="wrap-anywhere">{says}</p>
      {reason ? (
        <p className="max-w-prose text-pretty text-ink-soft">
          {reason}{' '}
          {next ? (
            <Link href={`${base}${next.section}`} prefetch={false} className="text-accent-ink underline">
              {next.label}
            </Link>
          ) : null}
        </p>
      ) : null}
      <Changes kind={kind} changes={changes} />
    </li>
  );
}
