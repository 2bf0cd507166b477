'use client';

import { useQuery } from '@tanstack/react-query';
import { useApps } from '@/components/shell/known';
import { api } from '@/lib/browser/api';
import { keys } from '@/lib/browser/keys';
import type { GroupResource, ListDocument } from '@/lib/browser/types';
import { useOtherLink } from './use-link-view';

const QUERY = 'filter%5BisInternalGroup%5D=false&filter%5BpublicLinkEnabled%5D=true&sort=name&limit=1000';

function useLinks() {
  return useQuery({
    queryKey: [...keys.list('betaGroups', QUERY), 'links'],
    queryFn: ({ signal }) => api<ListDocument<GroupResource>>(`/api/v1/betaGroups?${QUERY}`, { signal }),
  });
}

/** The group whose link stands beside this one; undefined when none is chosen, or it is no longer there. */
export function useOtherGroup(group: GroupResource): GroupResource | undefined {
  const [id] = useOtherLink();
  const links = useLinks();
  return id === null || id === group.id ? undefined : links.data?.data.find((one) => one.id === id);
}

/** Chooses another link, of this app or of another, to stand beside this one. */
export function OtherLinkPicker({ group }: { group: GroupResource }) {
  const [id, setId] = useOtherLink();
  const links = useLinks();
  const apps = useApps();
  // Where two accounts have an app they have its groups too: one link each.
  const others = [...new Map((links.data?.data ?? []).map((one) => [one.id, one])).values()].filter(
    (one) => one.id !== group.id,
  );
  const byApp = new Map<string, GroupResource[]>();
  for (const one of others) {
    const appId = one.meta?.appId ?? '';
    byApp.set(appId, [...(byApp.get(appId) ?? []), one]);
  }
  return (
    <select
      aria-label="Compare with another link"
      value={others.some((one) => one.id === id) ? (id ?? '') : ''}
      onChange={(event) => void setId(event.target.value || null)}
      className="field h-8 max-w-56 px-2 text-sm max-sm:h-9"
    >
      <option value="">Compare with…</option>
      {[...byApp].map(([appId, groups]) => (
        <optgroup key={appId} label={apps.find((app) => app.id === appId)?.attributes?.name ?? 'Other app'}>
          {groups.map((one) => (
            <option key={one.id} value={one.id}>
              {one.attributes?.name ?? 'Unnamed'}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
