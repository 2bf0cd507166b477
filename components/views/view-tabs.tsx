'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { Lock, Plus, Settings2 } from 'lucide-react';
import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { useMay } from '@/components/shell/known';
import { buttonClass, IconButton } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { toast, toastError } from '@/components/ui/toast';
import { useDo } from '@/components/ui/use-do';
import { changeViewMutation, type SavedView, viewsOptions } from '@/lib/browser/views';

const SaveViewDialog = onDemand(() => import('./save-view-dialog'));
const ManageViewsDialog = onDemand(() => import('./manage-views-dialog'));

/** The saved views of a list as tabs: one's own, the team's, and those of every app. A view is what stands in the address. */
export function ViewTabs({
  list,
  appId,
  first = 'All',
}: {
  list: 'testers' | 'groups' | 'builds' | 'feedback' | 'issues';
  appId: string | undefined;
  /** What the list is called as it is without any view. */
  first?: string;
}) {
  const page = appId === undefined ? list : `apps/${appId}/${list}`;
  const pathname = usePathname();
  const query = useSearchParams().toString();
  const maySave = useMay('views:write');
  const { data } = useQuery(viewsOptions(page));
  const [dialog, setDialog] = useState<'save' | 'manage' | null>(null);
  useDo('save-view', () => setDialog(maySave ? 'save' : null));
  const update = useMutation(changeViewMutation());
  const views = data?.data ?? [];
  const chosen = views.find((view) => isSame(view.query, query));
  if (views.length === 0 && dialog === null && (!maySave || query === '')) return null;
  const replace = (view: SavedView) =>
    update.mutate(
      { id: view.id, query },
      {
        onSuccess: () => void toast({ title: `${view.name} now shows this` }),
        onError: (error) => void toastError('The view was not changed', error),
      },
    );
  return (
    <nav aria-label="Saved views" className="mb-3 flex items-center gap-1 overflow-x-auto border-b">
      <Tab href={pathname} isHere={query === ''}>
        {first}
      </Tab>
      {views.map((view) => (
        <Tab
          key={view.id}
          href={view.query ? `${pathname}?${view.query}` : pathname}
          isHere={view.id === chosen?.id}
        >
          {view.shared ? null : (
            <Lock size={12} aria-label="Only yours" className="shrink-0 text-ink-faint" />
          )}
          <Name className="max-w-48 truncate">{view.name}</Name>
        </Tab>
      ))}
      {maySave && query !== '' && !chosen ? (
        <button
          type="button"
          onClick={() => setDialog('save')}
          className={buttonClass('ghost', 'sm', 'ml-1')}
        >
          <Plus size={13} aria-hidden /> Save this view
        </button>
      ) : null}
      {maySave && views.length > 0 ? (
        <IconButton label="Change saved views" onClick={() => setDialog('manage')}>
          <Settings2 size={14} aria-hidden />
        </IconButton>
      ) : null}
      {dialog === 'save' ? (
        <SaveViewDialog
          page={page}
          pageOfAll={appId === undefined ? undefined : `apps/*/${list}`}
          query={query}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'manage' ? (
        <ManageViewsDialog views={views} onReplace={replace} onClose={() => setDialog(null)} />
      ) : null}
    </nav>
  );
}

function Tab({ href, isHere, children }: { href: string; isHere: boolean; children: ReactNode }) {
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={isHere ? 'page' : undefined}
      className={clsx(
        '-mb-px inline-flex h-9 shrink-0 items-center gap-1.5 border-b-2 px-2 text-sm max-sm:h-11',
        isHere ? 'border-accent-ink font-medium' : 'border-transparent text-ink-soft hover:text-ink',
      )}
    >
      {children}
    </Link>
  );
}

function isSame(a: string, b: string): boolean {
  const sorted = (query: string) => {
    const params = new URLSearchParams(query);
    // What somebody has folded away is no other view.
    params.delete('closed');
    params.sort();
    return params.toString();
  };
  return sorted(a) === sorted(b);
}
