'use client';

import { Copy, MoreHorizontal, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useUpdate } from '@/components/programme/use-update';
import { useMay } from '@/components/shell/known';
import { PageHeader } from '@/components/shell/page-header';
import { useAppBase } from '@/components/shell/use-app-base';
import { buttonClass } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { EditableTitle } from '@/components/ui/editable-title';
import { Menu } from '@/components/ui/menu';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { Badge } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { useUrlState } from '@/components/ui/use-url-state';
import { Neighbours } from '@/components/views/neighbours';
import { useDetailNeighbours } from '@/components/views/use-detail-neighbours';
import type { Neighbour } from '@/lib/browser/lookups';
import type { GroupResource } from '@/lib/browser/types';
import { homeOf } from '@/lib/format/app-address';
import { GROUPS } from './groups-spec';

const CloneGroupDialog = onDemand(() => import('./clone-group-dialog'));
const DeleteGroupDialog = onDemand(() => import('./delete-group-dialog'));

/** The name of a group, to be changed where it stands, and what can be done with the whole of it. */
export function GroupHeader({
  group,
  appId,
  appName,
  age,
}: {
  group: GroupResource;
  appId: string;
  appName: string;
  /** How old is what the page shows, where no list of it says so. */
  age: ReactNode;
}) {
  const mayWrite = useMay('programme:write');
  const { save } = useUpdate('betaGroups', group.id);
  const [dialog, setDialog] = useState<'clone' | 'delete' | null>(null);
  const { name: known, isInternalGroup, publicLink, publicLinkEnabled, createdDate } = group.attributes ?? {};
  const name = known ?? '';
  const base = useAppBase(appId);
  const neighbours = useNeighbourGroups(group.id, appId);
  const close = () => setDialog(null);
  return (
    <PageHeader
      crumbs={[
        { label: appName, href: base },
        { label: 'Groups', href: `${base}/groups` },
      ]}
      title={
        mayWrite ? (
          <EditableTitle
            value={name}
            label="Rename the group"
            onSave={(to) => save({ attributes: { name: to }, before: { name }, done: `Renamed to ${to}` })}
          />
        ) : (
          <Name>{name}</Name>
        )
      }
      badges={<Badge>{isInternalGroup ? 'Internal' : 'External'}</Badge>}
      action={
        <>
          <Neighbours neighbours={neighbours} one="group" many="Groups" />
          {publicLinkEnabled && publicLink ? <CopyButton text={publicLink}>Copy link</CopyButton> : null}
          {mayWrite ? (
            <Menu
              label="More to do with the group"
              align="end"
              className={buttonClass('secondary', 'md', 'px-2')}
              entries={[
                {
                  id: 'clone',
                  label: 'Clone group',
                  icon: <Copy size={14} aria-hidden />,
                  onSelect: () => setDialog('clone'),
                },
                {
                  id: 'delete',
                  label: 'Delete group',
                  icon: <Trash2 size={14} aria-hidden />,
                  danger: true,
                  group: '',
                  onSelect: () => setDialog('delete'),
                },
              ]}
            >
              <MoreHorizontal size={16} aria-hidden />
            </Menu>
          ) : null}
          {dialog === 'clone' ? <CloneGroupDialog group={group} appId={appId} onClose={close} /> : null}
          {dialog === 'delete' ? <DeleteGroupDialog group={group} appId={appId} onClose={close} /> : null}
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-x-3">
        {createdDate ? (
          <span>
            Created <Time at={createdDate} />
          </span>
        ) : null}
        {age}
      </div>
    </PageHeader>
  );
}

/** The groups beside this one in the list it was opened from; a tab with a list of its own keeps the keys. */
function useNeighbourGroups(groupId: string, appId: string) {
  const { values } = useUrlState();
  const isAcrossApps = values.list === 'all';
  const base = useAppBase(appId);
  const list = {
    spec: GROUPS,
    scope: isAcrossApps ? {} : { app: appId },
    path: isAcrossApps ? '/groups' : `${base}/groups`,
    hrefOf: (row: Neighbour) => `${homeOf(row.appId ?? appId, row)}/groups/${encodeURIComponent(row.id)}`,
  };
  const hasOwnList = values.tab === 'testers' || values.tab === 'builds';
  return useDetailNeighbours(list, groupId, appId, !hasOwnList);
}
