'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import type { Selection } from '@/components/ui/data-table/types';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import { facetOptions, listTotalOptions } from '@/lib/browser/lookups';
import type { TesterResource } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';
import type { AppTarget } from './selection';
import { useRecords } from './use-records';

export interface RecordsIntent {
  readonly what: 'tag' | 'protect' | 'unprotect';
  readonly targets: readonly AppTarget[];
  /** How many, and the list they are of. */
  readonly selection: Pick<Selection<TesterResource>, 'size' | 'query'>;
}

const TITLES: Readonly<Record<RecordsIntent['what'], string>> = {
  tag: 'Tag testers',
  protect: 'Protect from pruning',
  unprotect: 'No longer protect',
};
const WORDS: Readonly<Record<RecordsIntent['what'], string>> = {
  tag: 'Tags are Flightdeck’s own: App Store Connect does not see them.',
  protect: 'Protected testers are never removed by pruning rules. They can still be removed by hand.',
  unprotect: 'Pruning rules may remove them again.',
};

/** Changes what is ours about many testers at once. */
export default function RecordsDialog({ intent, onClose }: { intent: RecordsIntent; onClose: () => void }) {
  const { what, targets, selection } = intent;
  const { size, query } = selection;
  // A list across apps counts only so far; who is changed is told before it happens.
  const counted = useQuery({ ...listTotalOptions('betaTesters', query), enabled: size.isLowerBound });
  const count = size.isLowerBound ? counted.data : size.count;
  const [name, setName] = useState('');
  const [isRemoving, setRemoving] = useState(false);
  const { change, error, isBusy } = useRecords(targets);
  const { data } = useQuery(
    facetOptions(
      'betaTesters',
      'tag',
      targets.length === 1 ? `filter[apps]=${encodeURIComponent(targets[0]?.appId ?? '')}` : '',
    ),
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const tags = [name.trim()];
    const wanted =
      what === 'tag'
        ? isRemoving
          ? { removeTags: tags }
          : { addTags: tags }
        : { protected: what === 'protect' };
    const done = await change(wanted).catch(() => null);
    if (!done) return;
    const verb =
      what === 'tag'
        ? isRemoving
          ? 'lost the tag'
          : 'tagged'
        : what === 'protect'
          ? 'protected'
          : 'no longer protected';
    void toast({ title: `${formatPlural(done.changed, 'tester')} ${verb}`, undo: done.undo });
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={TITLES[what]} description={WORDS[what]}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {what === 'tag' ? (
          <>
            <TextField
              label="Tag"
              value={name}
              maxLength={40}
              list="known-tags"
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
            <datalist id="known-tags">
              {(data?.data.values ?? []).map(({ value }) => (
                <option key={value} value={value} />
              ))}
            </datalist>
            <label className="flex w-fit items-center gap-2 text-sm">
              <input
                type="checkbox"
                checked={isRemoving}
                onChange={(event) => setRemoving(event.target.checked)}
                className="size-4 accent-accent"
              />
              Take this tag off instead
            </label>
          </>
        ) : null}
        <Refusal error={error ?? counted.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={isBusy}
            disabled={count === undefined || (what === 'tag' && name.trim() === '')}
          >
            {what === 'tag'
              ? isRemoving
                ? 'Take off'
                : 'Tag'
              : what === 'protect'
                ? 'Protect'
                : 'Unprotect'}{' '}
            {formatPlural(count ?? size, 'tester')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
