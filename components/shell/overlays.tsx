'use client';

import { useSyncExternalStore } from 'react';
import { onDemand } from '@/components/ui/on-demand';
import { whenReachable } from '@/lib/browser/reach';

type Sheet = 'palette' | 'shortcuts';
const loadPalette = whenReachable(() => import('./palette'));
const Palette = onDemand(loadPalette);
const ShortcutsSheet = onDemand(() => import('./shortcuts-sheet'));

let open: Sheet | null = null;
const listeners = new Set<() => void>();
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Opens the palette or the sheet of shortcuts, or closes what is open. */
export function openSheet(sheet: Sheet | null): void {
  open = sheet;
  for (const listener of listeners) listener();
}

/** Fetches the palette's code ahead of its first use. */
export function warmPalette(): void {
  void loadPalette();
}

/** What may lie over the page. */
export function Overlays() {
  const sheet = useSyncExternalStore(
    subscribe,
    () => open,
    () => null,
  );
  const onClose = () => openSheet(null);
  if (sheet === 'palette') return <Palette onClose={onClose} onShortcuts={() => openSheet('shortcuts')} />;
  return sheet === 'shortcuts' ? <ShortcutsSheet onClose={onClose} /> : null;
}
