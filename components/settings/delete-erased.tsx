'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { TypedConfirm } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { Progress } from '@/components/ui/progress';
import { toast } from '@/components/ui/toast';
import { deleteErasedMutation, type Known } from '@/lib/browser/person';
import { formatCount, formatPartOf, formatPlural } from '@/lib/format/numbers';

/** What has to be typed: reports have no names of their own. */
const WORD = 'delete';

/** Deletes the erased reports of a person at App Store Connect too, where there is no way back. */
export default function DeleteErased({
  reports,
  onClose,
}: {
  reports: Known['atApple']['reports'];
  onClose: () => void;
}) {
  const remove = useMutation(deleteErasedMutation());
  const [count, setCount] = useState(0);
  const all = formatPlural(reports.length, 'report');
  const left = reports.length - count;
  return (
    <TypedConfirm
      open
      onOpenChange={(open) => !open && !remove.isPending && onClose()}
      title={`Delete ${all} at Apple?`}
      word={WORD}
      verb={count === 0 ? 'Delete at Apple' : `Delete the other ${formatCount(left)}`}
      busy={remove.isPending}
      error={
        remove.isPending ? (
          <Progress label="Deleted at Apple" done={count} total={reports.length} />
        ) : remove.error ? (
          <>
            {count > 0 ? (
              <p role="status" className="text-sm">
                {formatPartOf(count, reports.length, 'report')} went; {formatCount(left)} did not.
              </p>
            ) : null}
            <Refusal error={remove.error} />
          </>
        ) : null
      }
      onConfirm={() => {
        const before = count;
        remove.mutate(
          {
            ...{ reports: reports.slice(before), typed: WORD },
            onDeleted: (more) => setCount(before + more),
          },
          {
            onSuccess() {
              void toast({ title: `${all} deleted at Apple` });
              onClose();
            },
          },
        );
      }}
    >
      <p>
        App Store Connect loses them for good: what the person wrote, pictures and crash logs. What is left of
        them here, without the person, stays and is marked as gone at Apple.
      </p>
    </TypedConfirm>
  );
}
