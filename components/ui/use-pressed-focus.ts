'use client';

import { useEffect } from 'react';

/**
 * Safari on a Mac gives a button that is pressed with the mouse no focus, so a dialog that it opens would not know where
 * the focus returns to. It gets it here, before anybody answers to the press; a button that keeps the focus where it was
 * by refusing the press of the mouse goes on to do so.
 */
export function usePressedFocus(): void {
  useEffect(() => {
    let pressed: HTMLElement | null = null;
    const press = (event: MouseEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      pressed = event.defaultPrevented ? null : (target?.closest<HTMLElement>('button') ?? null);
    };
    const focus = ({ target }: MouseEvent) => {
      if (pressed && pressed !== document.activeElement && target instanceof Node && pressed.contains(target))
        // Whoever uses the mouse needs no ring around what was pressed.
        pressed.focus({ preventScroll: true, focusVisible: false });
      pressed = null;
    };
    document.addEventListener('mousedown', press);
    document.addEventListener('click', focus, { capture: true });
    return () => {
      document.removeEventListener('mousedown', press);
      document.removeEventListener('click', focus, { capture: true });
    };
  }, []);
}
