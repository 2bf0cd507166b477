'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorWords, Refusal } from '@/components/ui/error-state';
import { SelectField } from '@/components/ui/field';
import { Skeleton } from '@/components/ui/skeleton';
import { Badge } from '@/components/ui/status';
import { invocationsOptions } from '@/lib/browser/app-clips';
import { formatPlural } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';
import {
  type Clip,
  type Invocation,
  invocationsOf,
  isSameInvocation,
  MOST_INVOCATIONS,
  titlesBy,
} from './clips';
import { useClipChanges } from './use-changes';

/** Takes the addresses of one build's App Clip over to another's, each with its outcome; those that are there are left out. */
export default function CopyDialog({
  direction,
  clip,
  others,
  appId,
  onClose,
}: {
  /** Whether the build that is shown gives, or takes. */
  direction: 'to' | 'from';
  clip: Clip;
  others: readonly Clip[];
  appId: string;
  onClose: () => void;
}) {
  const [chosen, setChosen] = useState(others[0]?.bundleId ?? '');
  const other = others.find(({ bundleId }) => bundleId === chosen) ?? clip;
  const [from, to] = direction === 'to' ? [clip, other] : [other, clip];
  const source = useQuery(invocationsOptions(from.bundleId));
  const target = useQuery(invocationsOptions(to.bundleId));
  const { isBusy, make, sendAll } = useClipChanges(appId);
  const [errors, setErrors] = useState<ReadonlyMap<string, unknown>>(new Map());
  const held = target.data ? invocationsOf(target.data) : [];
  const all = source.data ? invocationsOf(source.data) : [];
  const missing = all.filter((one) => !held.some((other) => isSameInvocation(one, other)));
  const room = MOST_INVOCATIONS - held.length;
  const wanted = missing.slice(0, Math.max(room, 0));
  const isRead = source.data !== undefined && target.data !== undefined;
  const isReading = source.isFetching || target.isFetching;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const refused = await sendAll(
      wanted,
      ({ url, titles }) => make({ bundleId: to.bundleId, url, titles: titlesBy(titles) }),
      (count) => `${formatPlural(count, 'address', 'addresses')} copied to ${to.build}`,
    );
    if (refused.length === 0) return onClose();
    setErrors(new Map(refused.map(({ one, error }) => [one.id, error])));
  };
  const stateOf = (one: Invocation): string => {
    if (!missing.includes(one)) return 'There already';
    if (!wanted.includes(one)) return 'No room';
    return errors.has(one.id) ? 'Refused' : 'Will be copied';
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={direction === 'to' ? 'Copy to another build' : 'Copy from another build'}
      description={`The addresses of ${from.build} are added to those of ${to.build}, which keeps its own. Apple takes ${MOST_INVOCATIONS} for each build.`}
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <SelectField
          label={direction === 'to' ? 'To build' : 'From build'}
          value={other.bundleId}
          disabled={isBusy}
          onChange={(event) => {
            setChosen(event.target.value);
            setErrors(new Map());
          }}
        >
          {others.map(({ bundleId, build }) => (
            <option key={bundleId} value={bundleId}>
              {build}
            </option>
          ))}
        </SelectField>
        {isRead ? null : source.error || target.error ? (
          <Refusal error={source.error ?? target.error} />
        ) : (
          <Skeleton className="h-16" />
        )}
        {isRead ? (
          <ul aria-label="Addresses to copy" className="grid divide-y border-y empty:hidden">
            {all.map((one) => (
              <li key={one.id} className="grid gap-1 py-2 text-sm">
                <span className="flex flex-wrap items-center justify-between gap-2">
                  <bdi className="min-w-0 break-all font-medium">{one.url}</bdi>
                  <Badge tone={ourTone(stateOf(one) === 'Refused' ? 'item.failed' : 'item.skipped')}>
                    {stateOf(one)}
                  </Badge>
                </span>
                <span className="text-ink-soft">{formatPlural(one.titles.length, 'title')}</span>
                {errors.has(one.id) && wanted.includes(one) ? (
                  <ErrorWords error={errors.get(one.id)} />
                ) : null}
              </li>
            ))}
          </ul>
        ) : null}
        {isRead && wanted.length === 0 ? (
          <p role="status" className="text-attention text-sm">
            {all.length === 0
              ? `${from.build} has no addresses to copy.`
              : missing.length === 0
                ? `${to.build} has all of them already.`
                : `${to.build} has ${MOST_INVOCATIONS} addresses already. Delete one there first.`}
          </p>
        ) : null}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={isBusy || (isReading && errors.size > 0)}
            disabled={!isRead || wanted.length === 0}
          >
            {errors.size > 0 ? 'Try again' : `Copy ${formatPlural(wanted.length, 'address', 'addresses')}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
