'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleUserRound } from 'lucide-react';
import { useState } from 'react';
import { Menu } from '@/components/ui/menu';
import { meOptions } from '@/lib/browser/own';
import { ROLES } from '@/lib/format/roles';
import { leave } from './leave';
import { openSheet } from './overlays';
import { currentTheme, setTheme, THEMES, type Theme } from './theme';

/** Who is signed in, the theme, and the way out. */
export function UserMenu() {
  const { data } = useQuery(meOptions());
  const [theme, setShown] = useState<Theme | null>(null);
  const me = data?.data;
  const chosen = theme ?? (typeof document === 'undefined' ? 'system' : currentTheme());
  const themes = (Object.keys(THEMES) as Theme[]).map((id, index) => ({
    id,
    label: THEMES[id],
    checked: chosen === id,
    keepOpen: true,
    ...(index === 0 ? { group: 'Theme' } : {}),
    onSelect: () => {
      setTheme(id);
      setShown(id);
    },
  }));
  return (
    <Menu
      label={me ? `Account of ${me.email}` : 'Account'}
      align="end"
      className="inline-flex size-8 items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink max-sm:size-9"
      entries={[
        {
          id: 'me',
          href: '/settings',
          label: (
            <span className="grid py-1">
              <bdi className="truncate font-medium">{me?.name ?? me?.email}</bdi>
              <span className="truncate text-ink-soft text-xs">
                {me ? [me.name ? me.email : null, ROLES[me.role]].filter(Boolean).join(' · ') : ''}
              </span>
            </span>
          ),
        },
        ...themes,
        {
          id: 'keys',
          label: 'Keyboard shortcuts',
          keys: '?',
          group: '',
          onSelect: () => openSheet('shortcuts'),
        },
        { id: 'out', label: 'Sign out', onSelect: () => void leave() },
      ]}
    >
      <CircleUserRound size={18} aria-hidden />
    </Menu>
  );
}
