'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { State } from '@/components/programme/state';
import { PageHeader } from '@/components/shell/page-header';
import { useAppBase } from '@/components/shell/use-app-base';
import { AsOf } from '@/components/ui/as-of';
import { GoneState } from '@/components/ui/gone-state';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Badge } from '@/components/ui/status';
import { Time } from '@/components/ui/time';

import { useLook } from '@/components/ui/use-look';

import { Neighbours } from '@/components/views/neighbours';
import { useDetailNeighbours } from '@/components/views/use-detail-neighbours';
import { isGone } from '@/lib/browser/freshness';
import { oneOptions } from '@/lib/browser/lists';
import type { BuildResource } from '@/lib/browser/types';
import { label } from '@/lib/format/labels';
import { buildName } from './build-words';
import { BUILD_QUERY, BUILDS } from './builds-spec';
import { NextStep } from './next-step';
import { WhatToTest } from './what-to-test';

/** One build: its states, what testers are asked to test, and who gets it. */
export function BuildPage({ appId, appName, buildId }: { appId: string; appName: string; buildId: string }) {
  const { data, error, refetch } = useQuery(oneOptions<BuildResource>('builds', buildId, BUILD_QUERY));
  const base = useAppBase(appId);
  const look = useLook({ of: 'builds', id: buildId, app: appId });
  if (isGone(error)) {
    const href = `${base}/builds`;
    return <GoneState error={error} href={href} to="Go to the builds" />;
  }
  if (error && !data)
    return <ErrorState title="The build could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton />;
  const build = data.data;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: appName, href: base },
          { label: 'Builds', href: `${base}/builds` },
        ]}
        title={buildName(build)}
        action={<BuildNeighbours appId={appId} buildId={buildId} />}
        badges={build.attributes?.expired ? <Badge>Expired</Badge> : null}
      >
        <AsOf {...look} />
      </PageHeader>
      <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <WhatToTest build={build} included={data.included ?? []} appId={appId} />
        <div className="grid content-start gap-6">
          <NextStep build={build} appId={appId} />
          <Facts build={build} />
          <Groups build={build} appId={appId} />
        </div>
      </div>
    </>
  );
}

function BuildNeighbours({ appId, buildId }: { appId: string; buildId: string }) {
  const path = `${useAppBase(appId)}/builds`;
  const list = {
    spec: BUILDS,
    scope: { app: appId },
    path,
    hrefOf: ({ id }: { id: string }) => `${path}/${encodeURIComponent(id)}`,
  };
  return <Neighbours neighbours={useDetailNeighbours(list, buildId, appId)} one="build" many="Builds" />;
}

function Facts({ build }: { build: BuildResource }) {
  const { attributes, meta } = build;
  const facts = [
    ['External testing', <State key="e" value={meta?.externalBuildState} />],
    ['Internal testing', <State key="i" value={meta?.internalBuildState} />],
    ['Processing', <State key="p" value={attributes?.processingState} />],
    ...(meta?.betaReviewState
      ? [['Beta review', <State key="r" value={meta.betaReviewState} />] as const]
      : []),
    ['Uploaded', <Time key="u" at={attributes?.uploadedDate} />],
    ['Expires', <Time key="x" at={attributes?.expirationDate} />],
    ['Needs at least', attributes?.minOsVersion ?? '–'],
    ['Audience', attributes?.buildAudienceType ? label(attributes.buildAudienceType) : '–'],
    ['Automatic notification', meta?.autoNotifyEnabled == null ? '–' : meta.autoNotifyEnabled ? 'On' : 'Off'],
  ] as const;
  return (
    <Section title="State">
      <dl className="grid text-sm">
        {facts.map(([term, value]) => (
          <div key={term} className="flex min-h-8 items-center justify-between gap-4">
            <dt className="text-ink-soft">{term}</dt>
            <dd className="text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Groups({ build, appId }: { build: BuildResource; appId: string }) {
  const base = useAppBase(appId);
  const groups = build.meta?.groups ?? [];
  return (
    <Section title="Groups">
      {groups.length === 0 ? (
        <p className="text-ink-soft text-sm">No group gets this build one by one.</p>
      ) : (
        <ul className="grid text-sm">
          {groups.map((group) => (
            <li key={group.id}>
              <Link
                href={`${base}/groups/${encodeURIComponent(group.id)}`}
                prefetch={false}
                className="inline-flex min-h-7 max-w-full items-center hover:underline"
              >
                <Name className="truncate">{group.name}</Name>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
