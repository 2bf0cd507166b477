'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Bookmark, ChevronDown } from 'lucide-react';
import dynamic from 'next/dynamic';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { useMay } from '@/components/shell/use-may';
import { buttonClass } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import type { MenuEntry } from '@/components/ui/menu-entry';
import { Name } from '@/components/ui/name';
import { toast, toastError } from '@/components/ui/toast';
import { useDo } from '@/components/ui/use-do';
import { changeViewMutation, type SavedView, viewsOptions } from '@/lib/query/views';

const SaveViewDialog = dynamic(() => import('./save-view-dialog'), { ssr: false });
const ManageViewsDialog = dynamic(() => import('./manage-views-dialog'), { ssr: false });

/** The saved views of a list: the team's and one's own. A view is what stands in the address. */
export function ViewMenu({ page }: { page: string }) {
  const router = useRouter();
  const pathname = usePathname();
  const query = useSearchParams().toString();
  const maySave = useMay('views:write');
  const { data } = useQuery(viewsOptions(page));
  const [isSaving, setSaving] = useState(false);
  useDo('save-view', () => setSaving(maySave));
  const [isManaging, setManaging] = useState(false);
  const update = useMutation(changeViewMutation());
  const views = data?.data ?? [];
  const chosen = views.find((view) => isSame(view.query, query));
  const entries: MenuEntry[] = [
    ...listed(views, chosen, (view) => router.push(view.query ? `${pathname}?${view.query}` : pathname)),
    ...(maySave ? [{ id: 'save', label: 'Save this view', group: '', onSelect: () => setSaving(true) }] : []),
    ...(maySave && views.length > 0
      ? [{ id: 'manage', label: 'Change saved views', onSelect: () => setManaging(true) }]
      : []),
  ];
  if (entries.length === 0) return null;
  const replace = (view: SavedView) =>
    update.mutate(
      { id: view.id, query },
      {
        onSuccess: () => void toast({ title: `${view.name} now shows this` }),
        onError: (error) => void toastError('The view was not changed', error),
      },
    );
  return (
    <>
      <Menu
        label="Saved views"
        align="end"
        entries={entries}
        className={buttonClass('secondary', 'md', 'max-w-48')}
      >
        <Bookmark size={14} aria-hidden className="shrink-0" />
        <span className="truncate max-sm:sr-only">{chosen ? <Name>{chosen.name}</Name> : 'Views'}</span>
        <ChevronDown size={13} aria-hidden className="shrink-0 text-ink-faint" />
      </Menu>
      {isSaving ? <SaveViewDialog page={page} query={query} onClose={() => setSaving(false)} /> : null}
      {isManaging ? (
        <ManageViewsDialog views={views} onReplace={replace} onClose={() => setManaging(false)} />
      ) : null}
    </>
  );
}

function listed(
  views: readonly SavedView[],
  chosen: SavedView | undefined,
  onOpen: (view: SavedView) => void,
): MenuEntry[] {
  const parts = [
    ['Shared with the team', views.filter((view) => view.shared)],
    ['Only yours', views.filter((view) => !view.shared)],
  ] as const;
  return parts.flatMap(([group, some]) =>
    some.map((view, index) => ({
      id: view.id,
      label: <Name>{view.name}</Name>,
      checked: view.id === chosen?.id,
      ...(index === 0 ? { group } : {}),
      onSelect: () => onOpen(view),
    })),
  );
}

function isSame(a: string, b: string): boolean {
  const sorted = (query: string) => {
    const params = new URLSearchParams(query);
    params.sort();
    return params.toString();
  };
  return sorted(a) === sorted(b);
}
