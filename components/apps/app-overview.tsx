'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { AppLights } from '@/components/health/app-lights';
import { Capacity } from '@/components/people/capacity';
import { AppTile, iconOf } from '@/components/programme/app-tile';
import { State } from '@/components/programme/state';
import { StateBar, stateColour, stateName, statesOf } from '@/components/programme/state-bar';
import { PageHeader } from '@/components/shell/page-header';
import { AsOf } from '@/components/ui/as-of';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { overviewOptions } from '@/lib/browser/own';
import type { AppOverview } from '@/lib/browser/types';
import { appOfPath, homeOf } from '@/lib/format/app-address';
import { buildWords } from '@/lib/format/builds';
import { formatCount, formatShare } from '@/lib/format/numbers';

/** One app's programme today: what wants somebody, how far the testers are, what is live. */
export function AppOverviewPage({ appId }: { appId: string }) {
  const account = appOfPath(usePathname())?.accountId;
  const { data, error, refetch } = useQuery(overviewOptions());
  if (error && !data)
    return (
      <ErrorState title="The overview could not be loaded" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <ListSkeleton />;
  const app = data.data.apps.find(
    (one) => one.appId === appId && (account === undefined || one.accountId === account),
  );
  if (!app)
    return (
      <EmptyState isPage title="This app is not here">
        It may have been removed from App Store Connect.
      </EmptyState>
    );
  return (
    <>
      <PageHeader
        title={
          <span className="flex items-center gap-3">
            <AppTile name={app.name} icon={iconOf(app.appId, app)} size="lg" />
            <span className="min-w-0">
              <Name>{app.name}</Name>
              <span className="block truncate font-normal text-ink-soft text-sm tracking-normal">
                {app.bundleId}
              </span>
            </span>
          </span>
        }
      />
      <div className="grid gap-8">
        <Figures app={app} />
        <AppLights appId={appId} account={account} home={homeOf(app.appId, app)} />
        <div className="grid gap-8 lg:grid-cols-2">
          <TesterStates app={app} />
          <LatestBuild app={app} />
        </div>
      </div>
    </>
  );
}

function Figures({ app }: { app: AppOverview }) {
  const base = homeOf(app.appId, app);
  const figures = [
    { label: 'Testers', value: app.testers.total, href: `${base}/testers` },
    { label: 'Groups', value: app.groups.total, href: `${base}/groups` },
    {
      label: 'Public links on',
      value: app.groups.publicLinks,
      href: `${base}/groups?publicLinkEnabled=true`,
    },
    { label: 'Live builds', value: app.builds.active, href: `${base}/builds?expired=false` },
    { label: 'Feedback in 7 days', value: app.feedback.lastWeek, href: null },
  ];
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-3 lg:grid-cols-5">
      {figures.map(({ label, value, href }) => (
        <div key={label} className="relative bg-surface p-4 last:max-sm:col-span-2">
          <dt className="text-ink-soft text-sm">
            {href ? (
              <Link href={href} prefetch={false} className="after:absolute after:inset-0 hover:text-ink">
                {label}
              </Link>
            ) : (
              label
            )}
          </dt>
          <dd className="mt-1 font-semibold text-2xl tabular-nums tracking-tight">{formatCount(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function TesterStates({ app }: { app: AppOverview }) {
  const { testers, appId } = app;
  return (
    <Section title="Testers on their way">
      <StateBar counts={testers} className="h-2.5" />
      <table className="w-full text-sm">
        <thead className="sr-only">
          <tr>
            <th scope="col">State</th>
            <th scope="col">Testers</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {statesOf(testers).map(({ state, count }) => (
            <tr key={state} className="h-8">
              <td>
                <span className="inline-flex items-center gap-2">
                  <span aria-hidden className={`size-2 rounded-sm ${stateColour(state)}`} />
                  {state ? (
                    <Link
                      href={`${homeOf(appId, app)}/testers?state=${encodeURIComponent(state)}`}
                      prefetch={false}
                      className="inline-flex min-h-8 items-center hover:underline"
                    >
                      {stateName(state)}
                    </Link>
                  ) : (
                    stateName(state)
                  )}
                </span>
              </td>
              <td className="text-right tabular-nums">{formatCount(count)}</td>
              <td className="w-16 text-right text-ink-soft tabular-nums">
                {formatShare(count, testers.total)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="text-sm">
        <Capacity appId={appId} />
      </div>
      <AsOf view={{ of: 'overview', app: appId }} />
    </Section>
  );
}

function LatestBuild({ app }: { app: AppOverview }) {
  const { latestBuild: build } = app;
  if (!build) {
    return (
      <Section title="Latest build">
        <p className="text-ink-soft text-sm">No build yet. Builds uploaded from Xcode appear here.</p>
      </Section>
    );
  }
  const facts = [
    ['External testing', <State key="external" value={build.externalBuildState} />],
    ['Internal testing', <State key="internal" value={build.internalBuildState} />],
    ['Uploaded', <Time key="uploaded" at={build.uploadedDate} />],
    ['Expires', <Time key="expires" at={build.expirationDate} />],
  ] as const;
  return (
    <Section title="Latest build">
      <Link
        href={`${homeOf(app.appId, app)}/builds/${encodeURIComponent(build.id)}`}
        prefetch={false}
        className="w-fit py-0.5 font-medium text-accent-ink hover:underline"
      >
        {buildWords(build)}
      </Link>
      <dl className="grid text-sm">
        {facts.map(([term, value]) => (
          <div key={term} className="flex h-8 items-center justify-between gap-4">
            <dt className="text-ink-soft">{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
