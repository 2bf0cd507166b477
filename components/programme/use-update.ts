'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from '@/components/ui/toast';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { ApiError } from '@/lib/browser/api';
import { undoMutation, updateMutation } from '@/lib/browser/mutations';
import { whenReachable } from '@/lib/browser/reach';

// Its words are fetched when a change is refused.
const loadStaleError = whenReachable(() => import('./stale-error').then((module) => module.staleError));

type Attributes = Readonly<Record<string, unknown>>;

interface Change {
  readonly attributes: Attributes;
  /** The same attributes as the person saw them; a newer value elsewhere refuses the save. */
  readonly before: Attributes;
  /** What to say when it is done: "Renamed to Friends". */
  readonly done: string;
}

/** Changes one resource at once on screen, with an undo that goes to App Store Connect too. Rejects when refused. */
export function useUpdate(type: ResourceType, id: string) {
  const client = useQueryClient();
  const update = useMutation(updateMutation(client, type));
  const undo = useMutation(undoMutation([type]));
  const save = async ({ attributes, before, done }: Change): Promise<void> => {
    const answer = await update
      .mutateAsync({ id, attributes, expect: before })
      .catch(async (error: unknown) => {
        throw isStale(error) ? ((await loadStaleError())(error) ?? error) : error;
      });
    const auditId = answer.meta?.auditId;
    void toast({ title: done, undo: auditId ? () => undo.mutateAsync(auditId) : undefined });
  };
  return { save, isSaving: update.isPending || undo.isPending, error: update.error, reset: update.reset };
}

function isStale(error: unknown): boolean {
  return error instanceof ApiError && error.problems.some(({ code }) => code === 'FLIGHTDECK.STALE');
}
