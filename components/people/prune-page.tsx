'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorWords } from '@/components/ui/error-state';
import { ListSkeleton } from '@/components/ui/skeleton';
import { type PruneRules, prunePreviewOptions } from '@/lib/query/people';
import { PruneForm } from './prune-form';
import { PruneResult } from './prune-result';

/** Rules, then the list of whom they name and why; nothing is removed before somebody says so. */
export function PrunePage({ appId, appName }: { appId: string; appName: string }) {
  const [rules, setRules] = useState<PruneRules | null>(null);
  const preview = useQuery(prunePreviewOptions(appId, rules));
  return (
    <div className="grid gap-8">
      <PruneForm
        appId={appId}
        isBusy={preview.isFetching}
        onShow={(next) => {
          if (JSON.stringify(next) === JSON.stringify(rules)) void preview.refetch();
          setRules(next);
        }}
      />
      {preview.isLoading ? <ListSkeleton rows={5} /> : null}
      {preview.error ? (
        <div role="alert">
          <ErrorWords error={preview.error} />
        </div>
      ) : null}
      {rules && preview.data && !preview.error ? (
        <PruneResult
          key={JSON.stringify(rules)}
          appId={appId}
          appName={appName}
          rules={rules}
          preview={preview.data.data}
        />
      ) : null}
    </div>
  );
}
