'use client';

import { UserRound, UsersRound } from 'lucide-react';
import { useEffect } from 'react';
import { isolated } from '@/lib/format/isolated';
import type { Command } from './palette-verbs';
import { rememberOpened, useKeptOpened } from './use-recent';

/** Remembers that a tester or group is open, for the palette. */
export function useRememberOpened(kind: 'tester' | 'group', href: string, name: string | null | undefined) {
  useEffect(() => {
    if (name) rememberOpened({ kind, href, name });
  }, [kind, href, name]);
}

/** The testers and groups this person opened last, but not the one at hand. */
export function useOpened(here: { readonly path: string; readonly go: (href: string) => void }): Command[] {
  return useKeptOpened()
    .filter(({ href }) => href !== here.path)
    .map(({ kind, href, name }) => ({
      id: `opened ${href}`,
      label: isolated(name),
      icon: kind === 'tester' ? UserRound : UsersRound,
      also: `${kind} recent`,
      run: () => here.go(href),
    }));
}
