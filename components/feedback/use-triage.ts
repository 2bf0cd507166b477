'use client';

import { useMutation } from '@tanstack/react-query';
import { useCallback } from 'react';
import { toast, toastError } from '@/components/ui/toast';
import type { TriageBody } from '@/lib/browser/feedback';
import { triageMutation, undoTriageMutation } from '@/lib/browser/feedback';
import { type PlacingAnswer, type PlacingBody, placingMutation } from '@/lib/browser/placing';
import { formatPlural } from '@/lib/format/numbers';

/** The last decision of this tab, wherever it was made: whoever has gone on takes it back all the same. */
let last: { readonly auditId: string; readonly title: string } | null = null;

/** Decides and places, says so, and can take the last decision back. */
export function useTriage() {
  const { mutateAsync: decide, isPending: isDeciding } = useMutation(triageMutation());
  const { mutateAsync: put, isPending: isPlacing } = useMutation(placingMutation());
  const { mutateAsync: takeBack } = useMutation(undoTriageMutation());
  const done = useCallback(
    (auditId: string, title: string) => {
      last = { auditId, title };
      void toast({
        title,
        undo: async () => {
          if (last?.auditId === auditId) last = null;
          await takeBack(auditId);
        },
      });
    },
    [takeBack],
  );
  const undo = useCallback(async () => {
    if (last === null) return;
    const { auditId, title } = last;
    last = null;
    try {
      await takeBack(auditId);
      void toast({ title: 'Undone', detail: title });
    } catch (error) {
      void toastError('It could not be undone', error);
    }
  }, [takeBack]);
  const run = useCallback(
    async (body: TriageBody, words: string): Promise<boolean> => {
      try {
        const { data } = await decide(body);
        const title = data.count > 1 ? `${words}: ${formatPlural(data.changed, 'report')}` : words;
        if (data.auditId === null) void toast({ title: 'It is so already' });
        else done(data.auditId, title);
        return true;
      } catch (error) {
        void toastError('Not changed', error);
        return false;
      }
    },
    [decide, done],
  );
  const place = useCallback(
    async (body: PlacingBody, words: (answer: PlacingAnswer) => string): Promise<PlacingAnswer | null> => {
      try {
        const { data } = await put(body);
        done(data.auditId, words(data));
        return data;
      } catch (error) {
        void toastError('Not changed', error);
        return null;
      }
    },
    [put, done],
  );
  return { run, place, undo, isBusy: isDeciding || isPlacing };
}
