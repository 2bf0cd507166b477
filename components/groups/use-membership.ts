'use client';

import { useMutation } from '@tanstack/react-query';
import { toast } from '@/components/ui/toast';
import { undoMutation } from '@/lib/browser/mutations';
import { linkageMutation } from '@/lib/browser/writes';

/** How many go in one call: what Apple takes is not documented, so it stays small. */
const PER_CALL = 50;

/** Adds testers or builds to a group, or takes them away, with an undo that takes every call back. */
export function useMembership(groupId: string, name: 'betaTesters' | 'builds') {
  const linkage = useMutation(linkageMutation('betaGroups', name, name));
  const undo = useMutation(undoMutation(['betaGroups', name]));
  const change = async (direction: 'add' | 'remove', ids: readonly string[], done: string): Promise<void> => {
    const auditIds: string[] = [];
    const undoAll = async () => {
      for (const auditId of auditIds.toReversed()) await undo.mutateAsync(auditId);
    };
    for (let at = 0; at < ids.length; at += PER_CALL) {
      const answer = await linkage.mutateAsync({
        id: groupId,
        change: direction,
        ids: ids.slice(at, at + PER_CALL),
      });
      if (answer.meta?.auditId) auditIds.push(answer.meta.auditId);
    }
    void toast({ title: done, undo: auditIds.length > 0 ? undoAll : undefined });
  };
  return { change, isPending: linkage.isPending, error: linkage.error };
}
