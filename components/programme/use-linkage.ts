'use client';

import { useMutation } from '@tanstack/react-query';
import { toast } from '@/components/ui/toast';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { undoMutation } from '@/lib/browser/mutations';
import { linkageMutation } from '@/lib/browser/writes';

/** How many go in one call: what Apple takes is not documented, so it stays small. */
const PER_CALL = 50;

/** A to-many relationship of one resource: the testers of a group, the groups of a build. */
export interface Linked {
  readonly type: ResourceType;
  readonly id: string;
  readonly name: string;
  readonly target: ResourceType;
}

/** Adds to a relationship, or takes away from it, with an undo that takes every call back. */
export function useLinkage({ type, id, name, target }: Linked) {
  const linkage = useMutation(linkageMutation(type, name, target));
  const undo = useMutation(undoMutation([type, target]));
  const say = (title: string, auditIds: readonly string[]) => {
    const undoAll = async () => {
      for (const auditId of auditIds.toReversed()) await undo.mutateAsync(auditId);
    };
    void toast({ title, undo: auditIds.length > 0 ? undoAll : undefined });
  };
  const change = async (direction: 'add' | 'remove', ids: readonly string[], done: string): Promise<void> => {
    const auditIds: string[] = [];
    for (let at = 0; at < ids.length; at += PER_CALL) {
      const part = ids.slice(at, at + PER_CALL);
      const answer = await linkage.mutateAsync({ id, change: direction, ids: part });
      if (answer.meta?.auditId) auditIds.push(answer.meta.auditId);
    }
    say(done, auditIds);
  };
  /** Each by itself, so that one that is refused keeps none of the others out; gives the refused with the reasons. */
  const changeEach = async (
    direction: 'add' | 'remove',
    ids: readonly string[],
    done: (count: number) => string,
  ): Promise<ReadonlyMap<string, unknown>> => {
    const refused = new Map<string, unknown>();
    const auditIds: string[] = [];
    for (const one of ids) {
      try {
        const answer = await linkage.mutateAsync({ id, change: direction, ids: [one] });
        if (answer.meta?.auditId) auditIds.push(answer.meta.auditId);
      } catch (error) {
        refused.set(one, error);
      }
    }
    const count = ids.length - refused.size;
    if (count > 0) say(done(count), auditIds);
    return refused;
  };
  return { change, changeEach, isPending: linkage.isPending, error: linkage.error };
}
