'use client';

import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';

const load = () => import('./tooltip-layer');
const Layer = dynamic(load, { ssr: false });
const DELAY_MS = 350;
const TOLD = '[data-tip],[data-time]';

/** Shows the tooltip of whatever carries `data-tip` (words, with `data-keys`) or `data-time` (an ISO instant). */
export function Tooltips() {
  const [anchor, setAnchor] = useState<Element | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (event: Event) => {
      const told = event.target instanceof Element ? event.target.closest(TOLD) : null;
      clearTimeout(timer);
      if (!told) return setAnchor(null);
      void load();
      timer = setTimeout(() => setAnchor(told), DELAY_MS);
    };
    const hide = () => {
      clearTimeout(timer);
      setAnchor(null);
    };
    const focus = (event: Event) => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) show(event);
    };
    const events = [
      ['pointerover', show],
      ['focusin', focus],
      ['focusout', hide],
      ['pointerdown', hide],
      ['keydown', hide],
    ] as const;
    for (const [name, listener] of events) document.addEventListener(name, listener, { passive: true });
    return () => {
      clearTimeout(timer);
      for (const [name, listener] of events) document.removeEventListener(name, listener);
    };
  }, []);
  return anchor?.isConnected ? <Layer anchor={anchor} /> : null;
}
