'use client';

import { useState } from 'react';
import type { GroupResource } from '@/lib/browser/types';
import { CriteriaCard } from './criteria-card';
import { LinkDoctor } from './link-doctor';
import { LinkFigures } from './link-figures';
import { LinkSettings } from './link-settings';

/** Everything about the public link of a group: its switch, whom it admits, how it fares and what ails it. */
export function PublicLinkTab({ group, appId }: { group: GroupResource; appId: string }) {
  const [isEditing, setEditing] = useState(false);
  return (
    <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_22rem]">
      <aside aria-label="Settings of the link" className="grid content-start gap-6 xl:order-last">
        <LinkSettings group={group} />
        <CriteriaCard group={group} isEditing={isEditing} onEdit={setEditing} />
      </aside>
      <div className="grid min-w-0 content-start gap-8">
        <LinkDoctor group={group} appId={appId} onEditCriteria={() => setEditing(true)} />
        <LinkFigures group={group} />
      </div>
    </div>
  );
}
