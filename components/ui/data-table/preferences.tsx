'use client';

import { createContext, useContext, useState } from 'react';

export type Density = 'compact' | 'roomy';
export interface GridPreferences {
  readonly density: Density;
  /** Column ids shown although optional, and hidden although not. */
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
}

const NOTHING: GridPreferences = { density: 'roomy', shown: [], hidden: [] };
export const GRID_COOKIE = 'fd-grid-';
const YEAR_SECONDS = 31_536_000;

const Initial = createContext<Readonly<Record<string, string>>>({});
/** Hands the lists the choices that came with the request, so that the first paint already honours them. */
export const GridPreferencesProvider = Initial.Provider;

/** The remembered columns and density of one list. */
export function useGridPreferences(
  name: string,
): [GridPreferences, (change: Partial<GridPreferences>) => void] {
  const initial = useContext(Initial)[GRID_COOKIE + name];
  const [preferences, setPreferences] = useState(() => parse(initial));
  const change = (part: Partial<GridPreferences>) => {
    const next = { ...preferences, ...part };
    setPreferences(next);
    const value = [next.density, next.shown.join('.'), next.hidden.join('.')].join('|');
    // biome-ignore lint/suspicious/noDocumentCookie: the server must read it with the next request
    document.cookie = `${GRID_COOKIE}${name}=${encodeURIComponent(value)}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  };
  return [preferences, change];
}

function parse(text: string | undefined): GridPreferences {
  if (!text) return NOTHING;
  const [density, shown = '', hidden = ''] = text.split('|');
  return {
    density: density === 'compact' ? 'compact' : 'roomy',
    shown: shown.split('.').filter(Boolean),
    hidden: hidden.split('.').filter(Boolean),
  };
}
