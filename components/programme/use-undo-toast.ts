'use client';

import { useMutation } from '@tanstack/react-query';
import { toast } from '@/components/ui/toast';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { undoMutation } from '@/lib/browser/mutations';

/** Says that a change was made, with an undo that goes to App Store Connect too where the trail has a way back. */
export function useUndoToast(types: readonly ResourceType[]) {
  const undo = useMutation(undoMutation(types));
  return (title: string, auditId: string | undefined, detail?: string) =>
    void toast({ title, detail, undo: auditId ? () => undo.mutateAsync(auditId) : undefined });
}
