'use client';

import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useUndoToast } from '@/components/programme/use-undo-toast';
import { useMay } from '@/components/shell/use-may';
import { onDemand } from '@/components/ui/on-demand';
import { toastError } from '@/components/ui/toast';
import { useKeys } from '@/components/ui/use-keys';
import { type Light, snoozeMutation, wakeMutation } from '@/lib/browser/lights';
import { plainLight } from '@/lib/format/light-words';

const SnoozeDialog = onDemand(() => import('./snooze-dialog'));

/** Asks until when a light is snoozed, by its button or by `s`; nothing for whom that would be refused. */
export function useSnooze(): {
  readonly ask: ((light: Light) => void) | undefined;
  readonly dialog: ReactNode;
} {
  const may = useMay('lights:snooze');
  const [light, setLight] = useState<Light | null>(null);
  const { mutate } = useMutation(snoozeMutation());
  const tell = useUndoToast(['overview']);
  useKeys({ s: may ? pressFocused : undefined });
  if (!may) return { ask: undefined, dialog: null };
  const snooze = (until: string | null, words: string) => {
    if (!light) return;
    mutate(
      { light: light.key, until },
      {
        onSuccess: ({ meta }) => tell(`Snoozed ${words}`, meta.auditId, plainLight(light)),
        onError: (error) => void toastError('It was not snoozed', error),
      },
    );
    setLight(null);
  };
  return {
    ask: setLight,
    dialog: light ? <SnoozeDialog light={light} onChoose={snooze} onClose={() => setLight(null)} /> : null,
  };
}

/** Presses the snooze button of the row that has the focus. */
function pressFocused(): void {
  const row = document.activeElement?.closest('[data-list-row]');
  row?.querySelector<HTMLButtonElement>('[data-snooze]')?.click();
}

/** Shows a light again, with the way back. */
export function useWake(): (light: Light) => void {
  const { mutate } = useMutation(wakeMutation());
  const tell = useUndoToast(['overview']);
  return (light) =>
    mutate(light.key, {
      onSuccess: ({ meta }) => tell('Shown again', meta.auditId, plainLight(light)),
      onError: (error) => void toastError('It was not woken', error),
    });
}
