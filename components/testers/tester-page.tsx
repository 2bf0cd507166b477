'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { BulkIntent } from '@/components/people/bulk-dialog';
import { useAppBase } from '@/components/shell/use-app-base';
import { useRememberOpened } from '@/components/shell/use-opened';
import { AsOf } from '@/components/ui/as-of';
import { GoneState } from '@/components/ui/gone-state';
import { ErrorState } from '@/components/ui/late-error';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { useLook } from '@/components/ui/use-look';
import { isGone } from '@/lib/browser/freshness';
import { testerOptions, testerPageOptions } from '@/lib/browser/testers';
import { personName } from '@/lib/format/people';
import type { Act } from './act';
import { TesterAccess } from './tester-access';
import { TesterDevices } from './tester-devices';
import { TesterElsewhere } from './tester-elsewhere';
import { TesterFeedback } from './tester-feedback';
import { TesterHeader } from './tester-header';
import { TesterHistory } from './tester-history';
import { TesterRecords } from './tester-records';
import { TesterUse } from './tester-use';

const BulkDialog = onDemand(() => import('@/components/people/bulk-dialog'));

/** One tester of one app: what they have, what they did, what happened to them, and what is ours about them. */
export function TesterPage({
  appId,
  appName,
  testerId,
}: {
  appId: string;
  appName: string;
  testerId: string;
}) {
  const base = useAppBase(appId);
  const { data, error, refetch } = useQuery(testerOptions(appId, testerId));
  const { data: own } = useQuery(testerPageOptions(appId, testerId));
  const [intent, setIntent] = useState<BulkIntent | null>(null);
  const tester = data?.data;
  useRememberOpened(
    'tester',
    `${base}/testers/${encodeURIComponent(testerId)}`,
    tester ? personName(tester.attributes ?? {}) : null,
  );
  const look = useLook({ of: 'betaTesters', id: testerId, app: appId });
  const accountId = tester?.meta?.accountId;
  const act = useCallback<Act>(
    (kind) =>
      setIntent({
        kind,
        targets: [{ appId, ...(accountId ? { accountId } : {}), testers: { ids: [testerId] } }],
      }),
    [appId, accountId, testerId],
  );
  if (isGone(error)) {
    const href = `${base}/testers`;
    return <GoneState error={error} href={href} to="Go to the testers" />;
  }
  if (error && !tester)
    return <ErrorState title="The tester could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!tester) return <ListSkeleton />;
  return (
    <>
      <TesterHeader tester={tester} appId={appId} appName={appName} onAct={act} age={<AsOf {...look} />} />
      <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="grid min-w-0 content-start gap-8">
          <TesterAccess tester={tester} appId={appId} own={own?.data} />
          <TesterUse appId={appId} testerId={testerId} own={own?.data} />
          <TesterDevices tester={tester} />
          <TesterFeedback own={own?.data} />
          <TesterHistory own={own?.data} />
        </div>
        <aside aria-label="About this tester" className="grid min-w-0 content-start gap-8">
          <TesterRecords tester={tester} appId={appId} own={own?.data} />
          <TesterElsewhere tester={tester} appId={appId} own={own?.data} />
        </aside>
      </div>
      {intent ? <BulkDialog intent={intent} onClose={() => setIntent(null)} /> : null}
    </>
  );
}
