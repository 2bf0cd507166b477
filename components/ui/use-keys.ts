'use client';

import { useEffect, useRef } from 'react';
import { isTyping } from './typing';

const CHORD_MS = 1_200;

/** What each key does; ignored while typing, in dialogs, and after `g`, which goes somewhere. `⌘z` is `z`. */
export function useKeys(keys: Readonly<Record<string, (() => void) | undefined>>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    let chordUntil = 0;
    const listener = (event: KeyboardEvent) => {
      if (event.altKey || event.shiftKey || isTyping(event)) return;
      const isUndo = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'z';
      if ((event.metaKey || event.ctrlKey) && !isUndo) return;
      if (performance.now() < chordUntil) {
        chordUntil = 0;
        return;
      }
      if (event.key === 'g') {
        chordUntil = performance.now() + CHORD_MS;
        return;
      }
      const run = latest.current[isUndo ? 'z' : event.key];
      if (!run) return;
      event.preventDefault();
      run();
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
