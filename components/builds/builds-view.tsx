'use client';

import { Segments } from '@/components/links/segments';
import { onDemand } from '@/components/ui/on-demand';
import { useUrlChoice } from '@/components/ui/use-url-state';
import type { ListScope } from '@/lib/browser/lists';
import { BuildsList } from './builds-list';

const ExpiryCalendar = onDemand(() => import('./expiry-calendar'));

const VIEWS: { value: 'list' | 'calendar'; label: string }[] = [
  { value: 'list', label: 'List' },
  { value: 'calendar', label: 'Expiry calendar' },
];

/** The builds as a list, or by the days on which they expire. */
export function BuildsView(place: { scope: ListScope; appId?: string }) {
  const [shown, show] = useUrlChoice('show', ['list', 'calendar'], 'list');
  return (
    <>
      <div className="mb-4">
        <Segments label="Shown as" value={shown} options={VIEWS} onChange={show} />
      </div>
      {shown === 'calendar' ? <ExpiryCalendar appId={place.appId} /> : <BuildsList {...place} />}
    </>
  );
}
