'use client';

import { useQuery } from '@tanstack/react-query';
import { buildChoice } from '@/components/builds/build-target-picker';
import { whyGroupTakesNot } from '@/components/builds/group-takes';
import { useBuildTargets } from '@/components/people/target-lists';
import { keys } from '@/lib/browser/keys';
import { liveIds } from '@/lib/browser/live-group';
import type { BuildResource, GroupResource } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';
import { AddDialog } from './add-dialog';

/** Gives builds to a group. Which it has already is asked of App Store Connect, not only of our copy. */
export default function AddBuildsDialog({
  group,
  appId,
  onClose,
}: {
  group: GroupResource;
  appId: string;
  onClose: () => void;
}) {
  const found = useBuildTargets(appId, { isReady: true });
  const held = useQuery({
    queryKey: keys.related('betaGroups', group.id, 'ids builds'),
    queryFn: () => liveIds(group.id, 'builds'),
  });
  const side = group.attributes?.isInternalGroup === true ? 'internalBuildState' : 'externalBuildState';
  return (
    <AddDialog
      group={group}
      name="builds"
      noun="build"
      description="The testers of the group get these builds, and a mail where a build notifies by itself."
      label="Search by version or build number"
      nothing="No build of the app that can still be tested matches."
      targets={found}
      done={(count) => `${formatPlural(count, 'build')} given to ${group.attributes?.name ?? 'the group'}`}
      onClose={onClose}
      choices={found.rows.map((build) => buildChoice(build, whyNot(build, group, held.data?.ids), side))}
    />
  );
}

function whyNot(
  build: BuildResource,
  group: GroupResource,
  held: readonly string[] | undefined,
): string | undefined {
  const isHeld = held
    ? held.includes(build.id)
    : (build.meta?.groups ?? []).some(({ id }) => id === group.id);
  if (isHeld) return 'In the group';
  return whyGroupTakesNot(build, group);
}
