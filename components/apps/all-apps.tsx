'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { AppTile, iconOf } from '@/components/programme/app-tile';
import { AttentionList, someOfEach } from '@/components/programme/attention';
import { State } from '@/components/programme/state';
import { StateBar } from '@/components/programme/state-bar';
import { NothingYet } from '@/components/shell/nothing-yet';
import { PageHeader } from '@/components/shell/page-header';
import { AsOf } from '@/components/ui/as-of';
import { Button } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Badge } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { useUrlChoice } from '@/components/ui/use-url-state';
import { overviewOptions } from '@/lib/browser/own';
import type { AppOverview } from '@/lib/browser/types';
import { appWords, homeOf } from '@/lib/format/app-address';
import { buildWords } from '@/lib/format/builds';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';

/** The most facts listed before somebody asks for all. */
const MOST_FACTS = 8;

/** Every app at a glance, after what needs attention today. */
export function AllApps() {
  const { data, error, refetch } = useQuery(overviewOptions());
  const [shown, setShown] = useUrlChoice('attention', ['all'], null);
  if (error && !data)
    return (
      <ErrorState title="The overview could not be loaded" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <ListSkeleton />;
  const { apps, testers, attention } = data.data;
  if (apps.length === 0)
    return (
      <>
        <PageHeader title="All apps" />
        <NothingYet title="No apps yet">
          The team has no app in App Store Connect, or the key may not see one. It appears here with the next
          sync.
        </NothingYet>
      </>
    );
  const facts = [...attention, ...apps.flatMap((app) => app.attention)];
  const names = new Map(apps.map((app) => [app.appId, app.name]));
  return (
    <>
      <PageHeader title="All apps">
        {formatPlural(apps.length, 'app')} · {formatPlural(testers.total, 'tester')}
        <div>
          <AsOf view={{ of: 'overview' }} />
        </div>
      </PageHeader>
      <div className="grid gap-8">
        {facts.length > 0 ? (
          <Section title="Needs attention today">
            <AttentionList
              facts={shown === 'all' ? facts : someOfEach(facts, MOST_FACTS)}
              appName={(fact) => fact.appId && names.get(fact.appId)}
            />
            {facts.length > MOST_FACTS ? (
              <div>
                <Button
                  variant="ghost"
                  size="sm"
                  aria-expanded={shown === 'all'}
                  onClick={() => setShown(shown === 'all' ? null : 'all')}
                >
                  {shown === 'all' ? 'Show fewer' : `Show all ${formatCount(facts.length)}`}
                </Button>
              </div>
            ) : null}
          </Section>
        ) : null}
        <Section title="Apps">
          <AppsTable apps={apps} />
        </Section>
      </div>
    </>
  );
}

function AppsTable({ apps }: { apps: readonly AppOverview[] }) {
  return (
    <table className="w-full table-fixed border-collapse text-sm max-md:block">
      <thead className="max-md:sr-only">
        <tr className="h-9 border-b text-left text-ink-soft text-xs *:pr-4 *:pl-2 *:font-medium">
          <th scope="col">App</th>
          <th scope="col" className="w-[20%]">
            Testers
          </th>
          <th scope="col" className="w-28 text-right">
            Groups
          </th>
          <th scope="col" className="w-28 text-right">
            Live builds
          </th>
          <th scope="col" className="w-[22%]">
            Latest build
          </th>
          <th scope="col" className="w-28 text-right max-lg:hidden">
            Feedback, 7 d
          </th>
        </tr>
      </thead>
      <tbody data-list="" className="max-md:block">
        {apps.map((app) => (
          <AppRow key={`${app.accountId} ${app.appId}`} app={app} />
        ))}
      </tbody>
    </table>
  );
}

function AppRow({ app }: { app: AppOverview }) {
  const { latestBuild: build } = app;
  return (
    <tr
      data-list-row=""
      className="relative h-14 border-b hover:bg-hover *:pr-4 *:pl-2 max-md:grid max-md:h-auto max-md:gap-1.5 max-md:py-3"
    >
      <td>
        <Link
          href={homeOf(app.appId, app)}
          prefetch={false}
          className="flex min-w-0 items-center gap-3 outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent-ink"
        >
          <AppTile name={app.name} icon={iconOf(app.appId, app)} />
          <span className="min-w-0">
            <span className="flex min-w-0 items-center gap-2 font-medium">
              <Name className="truncate">{appWords(app.name ?? '', app.accountName)}</Name>
              {app.attention.length > 0 ? (
                <Badge tone={ourTone('look.some')}>{formatCount(app.attention.length)} to look at</Badge>
              ) : null}
            </span>
            <span className="block truncate text-ink-soft text-xs">{app.bundleId}</span>
          </span>
        </Link>
      </td>
      <td>
        <span className="flex items-center gap-3 tabular-nums">
          <span className="w-12 text-right max-md:w-auto">{formatCount(app.testers.total)}</span>
          <span className="md:hidden">testers</span>
          <StateBar counts={app.testers} className="min-w-16 flex-1" />
        </span>
      </td>
      <td className="text-right text-ink-soft tabular-nums max-md:hidden">{formatCount(app.groups.total)}</td>
      <td className="text-right text-ink-soft tabular-nums max-md:hidden">
        {formatCount(app.builds.active)}
      </td>
      <td className="truncate text-ink-soft">
        {build ? (
          <span className="grid md:leading-tight">
            <span className="truncate text-ink">{buildWords(build)}</span>
            <span className="flex items-center gap-2 truncate text-xs">
              <State value={build.externalBuildState} />
              <Time at={build.uploadedDate} className="max-xl:hidden" />
            </span>
          </span>
        ) : (
          'No build yet'
        )}
      </td>
      <td className="text-right text-ink-soft tabular-nums max-lg:hidden">
        {formatCount(app.feedback.lastWeek)}
      </td>
    </tr>
  );
}
