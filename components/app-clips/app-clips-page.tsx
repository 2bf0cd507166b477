'use client';

import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import Link from 'next/link';
import { useMay } from '@/components/shell/known';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button, IconButton } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { SelectField } from '@/components/ui/field';
import { ErrorState } from '@/components/ui/late-error';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { toastError } from '@/components/ui/toast';
import { useUrlText } from '@/components/ui/use-url-state';
import { clipBuildsOptions, readClipMutation } from '@/lib/browser/app-clips';
import { clipsOf } from './clips';
import { DomainStatus } from './domain-status';
import { Invocations } from './invocations';

/** The App Clips of an app, build by build: what testers are offered to open, and whether Apple finds its domains. */
export function AppClipsPage({ appId }: { appId: string }) {
  const builds = useInfiniteQuery(clipBuildsOptions(appId));
  const [chosen, choose] = useUrlText('build');
  const base = useAppBase(appId);
  if (builds.error && !builds.data)
    return (
      <ErrorState
        title="The App Clips could not be loaded"
        error={builds.error}
        onRetry={() => void builds.refetch()}
      />
    );
  if (!builds.data) return <ListSkeleton />;
  const clips = clipsOf(builds.data.pages);
  const clip = clips.find(({ buildId }) => buildId === chosen) ?? clips[0];
  const more = builds.hasNextPage ? (
    <Button busy={builds.isFetchingNextPage} onClick={() => void builds.fetchNextPage()}>
      Look at older builds
    </Button>
  ) : null;
  if (!clip)
    return (
      <EmptyState title="No build with an App Clip" action={more}>
        None of the iOS builds that can be tested carries an App Clip. Add an App Clip target in Xcode and
        upload a build: what testers can open stands here then.
      </EmptyState>
    );
  return (
    <div className="grid max-w-4xl gap-8">
      <div className="grid gap-2">
        <div className="flex flex-wrap items-end gap-3">
          <div className="w-80 max-w-full">
            <SelectField label="Build" value={clip.buildId} onChange={(event) => choose(event.target.value)}>
              {clips.map(({ buildId, build }) => (
                <option key={buildId} value={buildId}>
                  {build}
                </option>
              ))}
            </SelectField>
          </div>
          {more}
        </div>
        <p className="flex flex-wrap items-center gap-x-3 text-ink-soft text-sm">
          <span>
            App Clip <bdi className="text-ink">{clip.identifier}</bdi>, uploaded{' '}
            <Time at={clip.uploadedDate} />
          </span>
          <Link
            href={`${base}/builds/${encodeURIComponent(clip.buildId)}`}
            prefetch={false}
            className="rounded-sm text-accent-ink underline"
          >
            Open the build
          </Link>
          <ReadAgain key={clip.bundleId} bundleId={clip.bundleId} />
        </p>
        {chosen !== null && clip.buildId !== chosen ? (
          <p role="status" className="text-attention text-sm">
            The build that the address names carries no App Clip, has expired, or is older than those listed.
          </p>
        ) : null}
      </div>
      <Invocations key={clip.bundleId} clip={clip} clips={clips} appId={appId} />
      <DomainStatus clip={clip} />
    </div>
  );
}

function ReadAgain({ bundleId }: { bundleId: string }) {
  const read = useMutation(readClipMutation());
  const mayAsk = useMay('apple:read');
  if (!mayAsk) return null;
  return (
    <IconButton
      label="Read the App Clip again"
      disabled={read.isPending}
      onClick={() =>
        read.mutate(bundleId, { onError: (error) => void toastError('Could not be read again', error) })
      }
    >
      <RotateCw size={13} aria-hidden className={read.isPending ? 'animate-spin' : undefined} />
    </IconButton>
  );
}
