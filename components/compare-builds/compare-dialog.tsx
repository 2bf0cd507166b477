'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { BuildTargetPicker } from '@/components/builds/build-target-picker';
import { buildName } from '@/components/builds/build-words';
import { BUILD_QUERY } from '@/components/builds/builds-spec';
import { useBuildTargets } from '@/components/people/target-lists';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorState } from '@/components/ui/error-state';
import { Skeleton } from '@/components/ui/skeleton';
import { useUrlText } from '@/components/ui/use-url-state';
import { oneOptions } from '@/lib/browser/lists';
import type { BuildResource } from '@/lib/browser/types';
import { CompareFacts } from './compare-facts';
import { NotesDiff, notesOf } from './notes-diff';

type Side = 'left' | 'right';

/** Two builds of an app side by side, each of which can be changed for another; both stand in the address. */
export default function CompareDialog({
  appId,
  build,
  onClose,
}: {
  appId: string;
  build: BuildResource;
  onClose: () => void;
}) {
  const [of, setOf] = useUrlText('of');
  const [vs, setVs] = useUrlText('vs');
  const [changing, setChanging] = useState<Side | null>(null);
  const leftId = of ?? build.id;
  const left = useQuery(oneOptions<BuildResource>('builds', leftId, BUILD_QUERY));
  const right = useQuery({
    ...oneOptions<BuildResource>('builds', vs ?? '', BUILD_QUERY),
    enabled: vs !== null,
  });
  const side = vs === null ? 'right' : changing;
  const choose = (id: string) => {
    if (side === 'left') setOf(id === build.id ? null : id);
    else setVs(id);
    setChanging(null);
  };
  const error = left.error ?? right.error;
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Compare two builds"
      description={
        side === null
          ? undefined
          : `Choose a build to stand beside ${side === 'right' && left.data ? buildName(left.data.data) : 'the other'}.`
      }
    >
      {side !== null ? (
        <ChooseBuild
          key={side}
          appId={appId}
          accountId={build.meta?.accountId}
          other={side === 'left' ? (vs ?? '') : leftId}
          onChoose={choose}
          onCancel={vs === null ? onClose : () => setChanging(null)}
        />
      ) : error ? (
        <ErrorState
          title="A build could not be loaded"
          error={error}
          onRetry={() => void Promise.all([left.refetch(), right.refetch()])}
        />
      ) : left.data && right.data ? (
        <div className="grid gap-6">
          <CompareFacts left={left.data.data} right={right.data.data} onChange={setChanging} />
          <NotesDiff
            left={notesOf(left.data.included ?? [])}
            right={notesOf(right.data.included ?? [])}
            names={[buildName(left.data.data), buildName(right.data.data)]}
          />
        </div>
      ) : (
        <Skeleton className="h-64 w-full" />
      )}
    </Dialog>
  );
}

function ChooseBuild({
  appId,
  accountId,
  other,
  onChoose,
  onCancel,
}: {
  appId: string;
  accountId: string | undefined;
  /** The build of the other side. */
  other: string;
  onChoose: (id: string) => void;
  onCancel: () => void;
}) {
  const builds = useBuildTargets(appId, { isExpiredToo: true, accountId });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [id] = chosen;
  return (
    <div className="grid gap-4">
      <BuildTargetPicker
        builds={builds}
        chosen={chosen}
        onChange={setChosen}
        nothing={builds.search ? 'No build of this number.' : 'This app has no other build.'}
        isSingle
        whyNot={(build) => (build.id === other ? 'Stands on the other side' : undefined)}
      />
      <div className="dialog-actions">
        <Button onClick={onCancel}>Cancel</Button>
        <Button
          variant="primary"
          disabled={id === undefined}
          onClick={() => id !== undefined && onChoose(id)}
        >
          Compare
        </Button>
      </div>
    </div>
  );
}
