'use client';

import { useMutation } from '@tanstack/react-query';
import { toast } from '@/components/ui/toast';
import type { Stale } from '@/lib/browser/keys';
import { undoMutation } from '@/lib/browser/mutations';

/** Says that a change was made, with an undo that goes to App Store Connect too where the trail has a way back. */
export function useUndoToast(stale: readonly Stale[]) {
  const undo = useMutation(undoMutation(stale));
  return (title: string, auditId: string | undefined, detail?: string) =>
    void toast({ title, detail, undo: auditId ? () => undo.mutateAsync(auditId) : undefined });
}
