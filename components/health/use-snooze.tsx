'use client';

import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useUndoToast } from '@/components/programme/use-undo-toast';
import { useMay } from '@/components/shell/known';
import { onDemand } from '@/components/ui/on-demand';
import { toastError } from '@/components/ui/toast';
import { useKeys } from '@/components/ui/use-keys';
import { type Light, snoozeMutation, wakeMutation } from '@/lib/browser/lights';
import { isolated } from '@/lib/format/isolated';
import { plainLight } from '@/lib/format/light-words';

const SnoozeDialog = onDemand(() => import('./snooze-dialog'));

/**
 * Asks until when a light is snoozed, by its button or by `s`; nothing for whom that would be refused. `nameOf` says
 * whose light it is, where the page spans several apps.
 */
export function useSnooze(nameOf?: (light: Light) => string | null | undefined): {
  readonly ask: ((light: Light) => void) | undefined;
  readonly dialog: ReactNode;
} {
  const may = useMay('lights:snooze');
  const [light, setLight] = useState<Light | null>(null);
  const { mutate } = useMutation(snoozeMutation());
  const tell = useUndoToast(['overview']);
  useKeys({ s: may ? pressFocused : undefined });
  if (!may) return { ask: undefined, dialog: null };
  const appName = light && nameOf?.(light);
  const snooze = (until: string | null, words: string) => {
    if (!light) return;
    const beside = rowBeside(light.key);
    mutate(
      { light: light.key, until },
      {
        onSuccess: ({ meta }) => {
          beside?.focus();
          tell(
            `Snoozed ${words}`,
            meta.auditId,
            `${appName ? `${isolated(appName)}: ` : ''}${plainLight(light)}`,
          );
        },
        onError: (error) => void toastError('It was not snoozed', error),
      },
    );
    setLight(null);
  };
  return {
    ask: setLight,
    dialog: light ? (
      <SnoozeDialog light={light} appName={appName} onChoose={snooze} onClose={() => setLight(null)} />
    ) : null,
  };
}

/** The row after that of a light, else the one before: where the keys go on once it is gone. */
function rowBeside(key: string): HTMLElement | null {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-light]')];
  const nth = rows.findIndex(({ dataset }) => dataset.light === key);
  return rows[nth + 1] ?? rows[nth - 1] ?? null;
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
