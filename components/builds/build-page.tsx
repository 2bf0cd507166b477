'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { useCompare } from '@/components/compare-builds/use-compare';
import { DiagnosticsSection } from '@/components/diagnostics/diagnostics-section';
import { useMay } from '@/components/shell/known';
import { PageHeader } from '@/components/shell/page-header';
import { useAppBase } from '@/components/shell/use-app-base';
import { AsOf } from '@/components/ui/as-of';
import { Button } from '@/components/ui/button';
import { GoneState } from '@/components/ui/gone-state';
import { ErrorState } from '@/components/ui/late-error';
import { Later } from '@/components/ui/later';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Badge } from '@/components/ui/status';
import { useDo } from '@/components/ui/use-do';
import { useLook } from '@/components/ui/use-look';
import { useUrlState } from '@/components/ui/use-url-state';
import { Neighbours } from '@/components/views/neighbours';
import { useDetailNeighbours } from '@/components/views/use-detail-neighbours';
import { isGone, type OneThing, settlingOptions } from '@/lib/browser/freshness';
import { oneOptions } from '@/lib/browser/lists';
import type { Neighbour } from '@/lib/browser/lookups';
import { programmeNow } from '@/lib/browser/programme-now';
import type { BuildResource } from '@/lib/browser/types';
import { homeOf } from '@/lib/format/app-address';
import type { BuildDialog } from './about-build';
import { BuildCompliance } from './build-compliance';
import { BuildDialogs } from './build-dialogs';
import { BuildFacts } from './build-facts';
import { BuildGroups } from './build-groups';
import { isSettling, nextStepOf } from './build-steps';
import { BuildTesters } from './build-testers';
import { BuildTimeline } from './build-timeline';
import { buildName } from './build-words';
import { BUILD_QUERY, BUILDS, BUILDS_OF_APP } from './builds-spec';
import { MoreToDo } from './more-to-do';
import { NextStep } from './next-step';
import { TellingTesters } from './telling-testers';
import { WhatToTest } from './what-to-test';

const UploadOfBuild = onDemand(() => import('./upload-of-build'));
const BuildUse = onDemand(() => import('./build-use'));

const CompareDialog = onDemand(() => import('@/components/compare-builds/compare-dialog'));
const Readiness = onDemand(() => import('./readiness'));

/** States after which there is nothing left to be made ready for external testers. */
const PASSED = ['BETA_APPROVED', 'IN_BETA_TESTING', 'READY_FOR_BETA_TESTING'];

/** For so long after an answer to export compliance a state of before is put down to Apple's lag, ms. */
const LAG_MS = 5 * 60_000;

/** One build: what has to be done about it, what testers are asked to test, who gets it and how they hear of it. */
export function BuildPage({ appId, appName, buildId }: { appId: string; appName: string; buildId: string }) {
  const { data, error, refetch } = useQuery(oneOptions<BuildResource>('builds', buildId, BUILD_QUERY));
  const base = useAppBase(appId);
  const view: OneThing = { of: 'builds', id: buildId, app: appId };
  const look = useLook(view);
  const [dialog, setDialog] = useState<BuildDialog | null>(null);
  const [answeredAt, setAnsweredAt] = useState<number | null>(null);
  const mayWrite = useMay('programme:write');
  const mayRun = useMay('jobs:run');
  const isAnswered = answeredAt !== null && Date.now() - answeredAt < LAG_MS;
  useSettling(view, data !== undefined && isSettling(data.data, isAnswered));
  const ask = (one: BuildDialog) => () => (mayWrite ? setDialog(one) : undefined);
  useDo('compliance', ask('compliance'));
  useDo('ship', ask('ship'));
  const compare = useCompare();
  if (isGone(error)) return <GoneState error={error} href={`${base}/builds`} to="Go to the builds" />;
  if (error && !data)
    return <ErrorState title="The build could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton />;
  const build = data.data;
  const isExpired = build.attributes?.expired === true;
  const step = nextStepOf(build, appId, { at: programmeNow(), isAnswered });
  const detailId = detailIdOf(data.included ?? []);
  const place = { build, appId, onOpen: setDialog };
  return (
    <>
      <PageHeader
        crumbs={[
          { label: appName, href: base },
          { label: 'Builds', href: `${base}/builds` },
        ]}
        title={buildName(build)}
        action={
          <>
            <BuildNeighbours appId={appId} buildId={buildId} />
            {mayWrite && mayRun && !isExpired ? (
              <Button
                variant="primary"
                icon={<Send size={14} aria-hidden />}
                onClick={() => setDialog('ship')}
              >
                Ship
              </Button>
            ) : null}
            <MoreToDo
              onCompare={compare.open}
              onExpire={mayWrite && !isExpired ? ask('expire') : undefined}
            />
          </>
        }
        badges={isExpired ? <Badge>Expired</Badge> : null}
      >
        <AsOf {...look} />
      </PageHeader>
      {step ? <NextStep {...place} step={step} /> : null}
      {step?.kind === 'failed' ? (
        <UploadOfBuild appId={appId} buildId={build.id} accountId={build.meta?.accountId} />
      ) : null}
      <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 content-start gap-8">
          <WhatToTest build={build} included={data.included ?? []} appId={appId} />
          {isExpired || PASSED.includes(build.meta?.externalBuildState ?? '') ? null : (
            <Later>
              <Readiness build={build} appId={appId} onAnswered={() => setAnsweredAt(Date.now())} />
            </Later>
          )}
          <Later>
            <BuildUse id={build.id} accountId={build.meta?.accountId} />
            <DiagnosticsSection build={build} />
            <BuildTimeline key={build.id} id={build.id} accountId={build.meta?.accountId} />
          </Later>
        </div>
        <div className="grid content-start gap-8">
          <BuildFacts build={build} />
          <TellingTesters {...place} detailId={detailId} />
          <BuildGroups {...place} />
          <BuildTesters {...place} />
          <BuildCompliance {...place} />
        </div>
      </div>
      {compare.isOpen ? <CompareDialog appId={appId} build={build} onClose={compare.close} /> : null}
      {dialog ? (
        <BuildDialogs
          dialog={dialog}
          build={build}
          appId={appId}
          detailId={detailId}
          onAnswered={() => setAnsweredAt(Date.now())}
          onClose={() => setDialog(null)}
        />
      ) : null}
    </>
  );
}

/** Looks again every few seconds while Apple's states lag behind what was answered. */
function useSettling(view: OneThing, isOn: boolean): void {
  const mayAsk = useMay('apple:read');
  useQuery({ ...settlingOptions(useQueryClient(), view), enabled: isOn && mayAsk });
}

function detailIdOf(included: readonly { readonly type: string; readonly id: string }[]): string | undefined {
  return included.find(({ type }) => type === 'buildBetaDetails')?.id;
}

function BuildNeighbours({ appId, buildId }: { appId: string; buildId: string }) {
  const { values } = useUrlState();
  const isAcrossApps = values.list === 'all';
  const base = useAppBase(appId);
  const list = {
    spec: isAcrossApps ? BUILDS : BUILDS_OF_APP,
    scope: isAcrossApps ? {} : { app: appId },
    path: isAcrossApps ? '/builds' : `${base}/builds`,
    hrefOf: (row: Neighbour) => `${homeOf(row.appId ?? appId, row)}/builds/${encodeURIComponent(row.id)}`,
  };
  return <Neighbours neighbours={useDetailNeighbours(list, buildId, appId)} one="build" many="Builds" />;
}
