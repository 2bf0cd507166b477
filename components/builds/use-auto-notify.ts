'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { refusalWords } from '@/components/programme/refusal-words';
import { useUpdate } from '@/components/programme/use-update';
import { showAutoNotify } from '@/lib/browser/builds';
import type { BuildResource } from '@/lib/browser/types';

/** Switches automatic notification at once, with an undo; tells whether it was done. */
export function useAutoNotify(build: BuildResource, detailId: string | undefined) {
  const client = useQueryClient();
  const { save, isSaving } = useUpdate('buildBetaDetails', detailId ?? '');
  const [error, setError] = useState<string | undefined>();
  const change = async (to: boolean): Promise<boolean> => {
    setError(undefined);
    showAutoNotify(client, build.id, to);
    try {
      await save({
        attributes: { autoNotifyEnabled: to },
        before: { autoNotifyEnabled: build.meta?.autoNotifyEnabled ?? null },
        done: `Automatic notification switched ${to ? 'on' : 'off'}`,
      });
      return true;
    } catch (refused) {
      showAutoNotify(client, build.id, !to);
      setError(refusalWords(refused, ['autoNotifyEnabled']));
      return false;
    }
  };
  return { change, isSaving, error };
}
