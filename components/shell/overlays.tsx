'use client';

import dynamic from 'next/dynamic';
import { useSyncExternalStore } from 'react';
import { whenReachable } from '@/lib/query/reach';

type Sheet = 'palette' | 'shortcuts';
const loadPalette = whenReachable(() => import('./palette'));
const Palette = dynamic(loadPalette, { ssr: false });
const ShortcutsSheet = dynamic(
  whenReachable(() => import('./shortcuts-sheet')),
  { ssr: false },
);

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
