'use client';

import { useQuery } from '@tanstack/react-query';
import { AsOf } from '@/components/ui/as-of';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { Later } from '@/components/ui/later';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { adoptionOptions } from '@/lib/browser/adoption';
import { formatPlural } from '@/lib/format/numbers';
import { CourseFigure } from './course-figure';
import { InstalledTable } from './installed-table';
import { TargetCard } from './target-card';

const CoverageSection = onDemand(() => import('./coverage-section'));

/** Who is on which build of an app, who is not on the newest they can have, and what can be done about it. */
export function AdoptionPage({ appId }: { appId: string }) {
  const { data, error, refetch } = useQuery(adoptionOptions(appId));
  if (error && !data)
    return (
      <ErrorState
        title="Who is on which build could not be loaded"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  if (!data) return <ListSkeleton />;
  const { testers, devices, installed, targets, course } = data.data;
  return (
    <div className="grid gap-10">
      <p className="-mt-3 text-ink-soft text-sm">
        {formatPlural(testers, 'tester')} with {formatPlural(devices, 'device')}, as App Store Connect tells
        them: a build number and a system for each device, and no date.{' '}
        <AsOf view={{ of: 'betaTesters', app: appId }} />
      </p>
      {testers === 0 ? (
        <EmptyState title="Nobody tests this app yet">
          As soon as testers have installed a build, this page says who is on which.
        </EmptyState>
      ) : (
        <>
          {targets.map((target) => (
            <TargetCard key={target.build.id} target={target} appId={appId} />
          ))}
          <InstalledTable installed={installed} devices={devices} appId={appId} />
          {devices > 0 ? <CourseFigure course={course} /> : null}
          <Later>
            <CoverageSection appId={appId} />
          </Later>
        </>
      )}
    </div>
  );
}
