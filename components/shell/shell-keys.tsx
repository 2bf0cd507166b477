'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { isTyping } from '@/components/ui/typing';
import { usePressedFocus } from '@/components/ui/use-pressed-focus';
import { useAppHere, useApps, useOpenPlaces } from './known';
import { lastHref } from './last-page';
import { handleListKey } from './list-keys';
import { useListPlace } from './list-place';
import { APP_PLACES, type Place } from './nav';
import { openSheet } from './overlays';

const CHORD_MS = 1_200;

/** The keys that work everywhere: ⌘K, ⌘1–9, `g` and a letter, `?`, and `esc` to go one level up. */
export function ShellKeys() {
  const router = useRouter();
  const app = useAppHere();
  const apps = useApps();
  const places = useOpenPlaces();
  useListPlace();
  usePressedFocus();
  const latest = useRef({ app, apps, places });
  useEffect(() => {
    latest.current = { app, apps, places };
  });
  useEffect(() => {
    let chordUntil = 0;
    const listener = (event: KeyboardEvent) => {
      const here = latest.current;
      if ((event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey) {
        if (event.key.toLowerCase() === 'k') {
          event.preventDefault();
          openSheet('palette');
          return;
        }
        const app = /^[1-9]$/.test(event.key) ? here.apps[Number(event.key) - 1] : undefined;
        if (app) {
          event.preventDefault();
          router.push(lastHref(app));
        }
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event)) return;
      if (performance.now() < chordUntil) {
        chordUntil = 0;
        const href = placeOf(event.key, here.app, here.places);
        if (href) {
          event.preventDefault();
          router.push(href);
        }
        return;
      }
      if (handleListKey(event)) {
        event.preventDefault();
        return;
      }
      if (event.key === 'g') chordUntil = performance.now() + CHORD_MS;
      if (event.key === '?') openSheet('shortcuts');
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [router]);
  return null;
}

function placeOf(
  key: string,
  app: ReturnType<typeof useAppHere>,
  places: readonly Place[],
): string | undefined {
  const inApp = app && APP_PLACES.find((place) => place.key === key);
  if (app && inApp) return app.base + inApp.path;
  // Outside of any app a section is that of all apps.
  const path = APP_PLACES.find((place) => place.key === key)?.path;
  return places.find((place) => place.key === key || (!app && path && place.path === path))?.path;
}
