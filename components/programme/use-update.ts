'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from '@/components/ui/toast';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { ApiError } from '@/lib/browser/api';
import { undoMutation, updateMutation } from '@/lib/browser/mutations';
import { attributeLabel, valueLabel } from '@/lib/format/labels';

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
    const answer = await update.mutateAsync({ id, attributes, expect: before }).catch((error: unknown) => {
      throw staleError(error) ?? error;
    });
    const auditId = answer.meta?.auditId;
    void toast({ title: done, undo: auditId ? () => undo.mutateAsync(auditId) : undefined });
  };
  return { save, isSaving: update.isPending || undo.isPending, error: update.error, reset: update.reset };
}

/** A refusal because somebody else was faster, with both values in words; undefined for any other error. */
export function staleError(error: unknown): ApiError | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const problem = error.problems.find(({ code }) => code === 'FLIGHTDECK.STALE');
  if (!problem) return undefined;
  const { actual, requested } = (problem.meta ?? {}) as { actual?: Attributes; requested?: Attributes };
  const both = Object.keys(requested ?? {}).map(
    (name) =>
      `${attributeLabel(name)} is now “${valueLabel(actual?.[name])}”; you wanted “${valueLabel(requested?.[name])}”.`,
  );
  const detail = `Somebody else changed this meanwhile. ${both.join(' ')} Nothing was saved.`;
  return new ApiError(error.status, [{ ...problem, detail }]);
}
