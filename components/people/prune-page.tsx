'use client';

import { useQuery } from '@tanstack/react-query';
import { Refusal } from '@/components/ui/error-state';
import { ListSkeleton } from '@/components/ui/skeleton';
import { useUrlState } from '@/components/ui/use-url-state';
import { prunePreviewOptions } from '@/lib/browser/people';
import { addressOf, choicesOf, type PruneChoices, rulesOf, USUAL_CHOICES } from './prune-choices';
import { PruneForm } from './prune-form';
import { PruneResult } from './prune-result';

/** Rules, then the list of whom they name and why; nothing is removed before somebody says so. */
export function PrunePage({ appId, appName }: { appId: string; appName: string }) {
  const { values, set } = useUrlState();
  const choices = choicesOf(values);
  const rules = choices ? rulesOf(choices) : null;
  const preview = useQuery(prunePreviewOptions(appId, rules));
  const rulesKey = JSON.stringify(rules);
  const show = (next: PruneChoices) => {
    if (JSON.stringify(rulesOf(next)) === rulesKey) void preview.refetch();
    set(addressOf(next), 'push');
  };
  return (
    <div className="grid gap-8">
      <PruneForm
        // Back and forth bring back what was ticked then.
        key={`form ${rulesKey}`}
        appId={appId}
        initial={choices ?? USUAL_CHOICES}
        isBusy={preview.isFetching}
        onShow={show}
      />
      {preview.isLoading ? <ListSkeleton rows={5} /> : null}
      <Refusal error={preview.error} />
      {choices && rules && preview.data && !preview.error ? (
        <PruneResult
          key={rulesKey}
          appId={appId}
          appName={appName}
          rules={rules}
          preview={preview.data.data}
          onIncludeBefore={() => show({ ...choices, before: true })}
        />
      ) : null}
    </div>
  );
}
