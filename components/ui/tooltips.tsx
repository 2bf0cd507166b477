'use client';

import { type ComponentType, useEffect, useState } from 'react';

const load = () => import('./tooltip-layer');
const DELAY_MS = 350;
const TOLD = '[data-tip],time';

/** What has a tooltip at this place: what carries one, or text that ends in an ellipsis and stands nowhere whole. */
function toldAt(target: EventTarget | null): Element | null {
  if (!(target instanceof Element)) return null;
  const told = target.closest(TOLD);
  if (told) return told;
  const cell = target.closest('td, th');
  const near = [target, target.parentElement, cell, ...target.querySelectorAll('.truncate, .status > *')];
  return near.find((element) => element && isCut(element)) ?? null;
}

function isCut(element: Element): boolean {
  return element.scrollWidth > element.clientWidth && getComputedStyle(element).textOverflow === 'ellipsis';
}

/**
 * Shows the tooltip of whatever carries `data-tip` (words, with `data-keys`), of times, and the whole
 * of a text that is cut.
 */
export function Tooltips() {
  const [anchor, setAnchor] = useState<Element | null>(null);
  const [Layer, setLayer] = useState<ComponentType<{ anchor: Element }> | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (event: Event) => {
      const told = toldAt(event.target);
      clearTimeout(timer);
      if (!told) return setAnchor(null);
      // Without an answer there is no tooltip; it is asked for again with the next one.
      void load().then(
        ({ default: layer }) => setLayer(() => layer),
        () => undefined,
      );
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
  return anchor?.isConnected && Layer ? <Layer anchor={anchor} /> : null;
}
