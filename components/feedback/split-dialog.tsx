'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { variantsOptions } from '@/lib/browser/placing';
import { formatPlural } from '@/lib/format/numbers';
import { issueHref } from './feedback-href';
import { useTriage } from './use-triage';

/** Makes a crash issue of its own of some of the ways into this one. */
export default function SplitDialog({ issueId, onClose }: { issueId: string; onClose: () => void }) {
  const { data, error } = useQuery(variantsOptions(issueId));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { place, isBusy } = useTriage();
  const router = useRouter();
  const variants = data?.data ?? [];
  const isAll = variants.length > 0 && chosen.size === variants.length;
  const split = async () => {
    const answer = await place(
      { do: 'split', issueId, variants: [...chosen] },
      ({ count }) => `${formatPlural(count, 'way')} split off`,
    );
    if (answer === null) return;
    onClose();
    if (answer.issueId !== null) router.push(issueHref(answer.issueId));
  };
  const toggle = (hash: string) => {
    const next = new Set(chosen);
    if (!next.delete(hash)) next.add(hash);
    setChosen(next);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Split off ways"
      description="What you choose becomes a crash issue of its own, with whatever comes by the same calls from now on."
      wide
    >
      <div className="grid gap-4">
        <Refusal error={error} />
        {!data && !error ? <Skeleton className="h-32 w-full" /> : null}
        <ul aria-label="Ways" className="divide-y rounded-md border empty:hidden">
          {variants.map(({ hash, count, lastDate, frames }) => (
            <li key={hash}>
              <label className="flex items-start gap-3 px-3 py-2.5 text-sm hover:bg-hover">
                <input
                  type="checkbox"
                  checked={chosen.has(hash)}
                  onChange={() => toggle(hash)}
                  className="mt-0.5 size-4 shrink-0 accent-accent"
                />
                <span className="grid min-w-0 gap-1">
                  <span>
                    {formatPlural(count, 'report')}
                    <span className="text-ink-soft">
                      {' '}
                      · last <Time at={lastDate ?? undefined} />
                    </span>
                  </span>
                  <span dir="ltr" className="grid font-mono text-ink-soft text-xs wrap-anywhere">
                    {frames.length === 0 ? 'No log of it is here.' : null}
                    {frames.map((frame, at) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: calls never change their places
                      <bdi key={at}>{frame}</bdi>
                    ))}
                  </span>
                </span>
              </label>
            </li>
          ))}
        </ul>
        {isAll ? (
          <p role="status" className="text-ink-soft text-sm">
            These are all of its ways: leave at least one behind.
          </p>
        ) : null}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            busy={isBusy}
            disabled={chosen.size === 0 || isAll}
            onClick={() => void split()}
          >
            {chosen.size === 0 ? 'Split off' : `Split off ${formatPlural(chosen.size, 'way')}`}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
