'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useUndoToast } from '@/components/programme/use-undo-toast';
import { type Access, type AccessChange, testerAccessMutation } from '@/lib/browser/tester-access';
import { buildWords } from '@/lib/format/builds';

interface Subject {
  readonly appId: string;
  readonly testerId: string;
  /** How many groups and single builds the tester has now. */
  readonly ways: number;
}

/** Gives one tester a group or a build, or takes it away, with an undo; rejects when App Store Connect refuses. */
export function useTesterAccess({ appId, testerId, ways }: Subject) {
  const change = useMutation(testerAccessMutation(useQueryClient(), appId, testerId));
  const tell = useUndoToast(['betaGroups', 'builds', 'betaTesters']);
  const run = async (wanted: AccessChange): Promise<void> => {
    const answer = await change.mutateAsync(wanted);
    const name = accessName(wanted.access);
    const isAdded = wanted.change === 'add';
    const done =
      wanted.access.kind === 'group'
        ? `${isAdded ? 'Added to' : 'Removed from'} ${name}`
        : `${name} ${isAdded ? 'given' : 'taken away'}`;
    tell(done, answer.meta?.auditId, isAdded ? undefined : lossOf(wanted.access, ways));
  };
  return { run, isPending: change.isPending, error: change.error };
}

/** What people call a group or a build. */
export function accessName(access: Access): string {
  if (access.kind === 'group') return access.group.name ?? 'the group';
  return buildWords(access.build);
}

function lossOf(access: Access, ways: number): string {
  if (ways <= 1) return 'That was the only way to the app: nothing can be installed any more.';
  return access.kind === 'group'
    ? 'The builds that come through this group are gone with it.'
    : 'Groups that hold this build still give it.';
}
