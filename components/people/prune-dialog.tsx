'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { announceJob } from '@/components/jobs/watched-jobs';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import { isTyped, TypedField } from '@/components/ui/typed-field';
import { hasAccepted } from '@/lib/asc/catalogue/tester-states';
import { type PruneCandidate, type PruneRequest, startPruneMutation } from '@/lib/browser/people';
import { formatPlural } from '@/lib/format/numbers';

/** So many are removed only when their number has been typed; the server holds the same limit. */
const TYPED_ABOVE = 50;

/** Says what is lost, offers to write to them first, and starts the removal as a job. */
export default function PruneDialog({
  appName,
  chosen,
  request,
  onClose,
}: {
  appName: string;
  chosen: readonly PruneCandidate[];
  request: Omit<PruneRequest, 'resendFirst' | 'confirm'>;
  onClose: () => void;
}) {
  const [isGentle, setGentle] = useState(false);
  const [graceDays, setGraceDays] = useState('14');
  const [typed, setTyped] = useState('');
  const router = useRouter();
  const count = chosen.length;
  const nameless = chosen.filter(({ email }) => email === null).length;
  const accepted = chosen.filter(({ email, state }) => email !== null && hasAccepted(state)).length;
  const reachable = count - nameless - accepted;
  const start = useMutation(startPruneMutation());
  const word = count > TYPED_ABOVE ? count : null;
  const isConfirmed = isTyped(word, typed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isConfirmed) return;
    start.mutate(
      {
        ...request,
        ...(isGentle ? { resendFirst: { graceDays: Number(graceDays) } } : {}),
        ...(word === null ? {} : { confirm: word }),
      },
      {
        // What comes of it is told by a toast, or found under Jobs: no window stays in between.
        onSuccess: ({ data }) => {
          onClose();
          if (data.resendJobId) announceJob(data.resendJobId);
          if (!isGentle) announceJob(data.jobId);
          else
            void toast({
              title: `${formatPlural(count, 'tester')}: removed in ${formatPlural(Number(graceDays), 'day')} unless they come back`,
              link: {
                label: 'Open the job',
                open: () => router.push(`/jobs/${encodeURIComponent(data.jobId)}`),
              },
            });
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${formatPlural(count, 'tester')} from ${appName}?`}
    >
      <form onSubmit={submit} className="grid gap-4 text-sm">
        <ul
          aria-label="What this takes away"
          className="grid gap-1 rounded-md border border-bad bg-bad-soft p-3 text-bad"
        >
          <li>They lose all access to {appName}: every group and every single build.</li>
          <li>
            Flightdeck keeps the list with their groups: whoever has an e-mail can be invited again from the
            job.
          </li>
        </ul>
        <label className="flex items-start gap-2">
          <input
            type="checkbox"
            checked={isGentle}
            onChange={(event) => setGentle(event.target.checked)}
            className="mt-0.5 size-4 accent-accent"
          />
          <span>
            Write to them first
            <span className="block text-ink-soft">
              Their invitation is sent again now, and only those who have still not come back are removed
              later.
              {accepted > 0
                ? ` ${formatPlural(accepted, 'tester has', 'testers have')} accepted before: App Store Connect sends no second invitation, but they have the same days.`
                : ''}
              {nameless > 0
                ? ` ${formatPlural(nameless, 'tester')} came by public link and cannot be written to.`
                : ''}
            </span>
          </span>
        </label>
        {isGentle ? (
          <TextField
            label="Days to come back"
            type="number"
            min={1}
            max={90}
            required
            value={graceDays}
            onChange={(event) => setGraceDays(event.target.value)}
          />
        ) : null}
        <TypedField word={word} value={typed} onChange={setTyped} />
        <Refusal error={start.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="danger" busy={start.isPending} disabled={!isConfirmed}>
            {isGentle
              ? reachable > 0
                ? `Write to ${formatPlural(reachable, 'tester')}`
                : `Remove in ${formatPlural(Number(graceDays), 'day')}`
              : `Remove ${formatPlural(count, 'tester')}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
