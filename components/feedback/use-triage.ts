'use client';

import { useMutation } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { toast, toastError } from '@/components/ui/toast';
import type { TriageBody } from '@/lib/browser/feedback';
import { triageMutation, undoTriageMutation } from '@/lib/browser/feedback';
import { formatPlural } from '@/lib/format/numbers';

/** Decides, says so, and can take the last decision back. */
export function useTriage() {
  const { mutateAsync: decide, isPending: isBusy } = useMutation(triageMutation());
  const { mutateAsync: takeBack } = useMutation(undoTriageMutation());
  const last = useRef<string | null>(null);
  const undo = useCallback(async () => {
    const auditId = last.current;
    if (auditId === null) return;
    last.current = null;
    await takeBack(auditId);
  }, [takeBack]);
  const run = useCallback(
    async (body: TriageBody, done: string): Promise<boolean> => {
      try {
        const { data } = await decide(body);
        last.current = data.auditId;
        const title = data.count > 1 ? `${done}: ${formatPlural(data.changed, 'report')}` : done;
        if (data.auditId === null) void toast({ title: 'It is so already' });
        else void toast({ title, undo });
        return true;
      } catch (error) {
        void toastError('Not changed', error);
        return false;
      }
    },
    [decide, undo],
  );
  return { run, undo, isBusy };
}
