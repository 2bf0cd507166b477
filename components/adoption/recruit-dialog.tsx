'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import CriteriaDialog from '@/components/links/criteria-dialog';
import type { Gap } from '@/components/links/criteria-draft';
import { GroupPicker, single } from '@/components/people/target-picker';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { oneOptions } from '@/lib/browser/lists';
import type { GroupResource } from '@/lib/browser/types';
import { familyOnSystem } from '@/lib/format/recruitment';

/** Asks whose link is to bring in people with a device, and opens its criteria with the device filled in. */
export default function RecruitDialog({
  appId,
  gap,
  onClose,
}: {
  appId: string;
  gap: Gap;
  onClose: () => void;
}) {
  const base = useAppBase(appId);
  const [groupId, setGroupId] = useState('');
  const [isChosen, setChosen] = useState(false);
  const { data, error, isFetching } = useQuery({
    ...oneOptions<GroupResource>('betaGroups', groupId),
    enabled: groupId !== '',
  });
  if (isChosen && data && data.data.id === groupId)
    return <CriteriaDialog group={data.data} gap={gap} onClose={onClose} />;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Recruit on ${familyOnSystem(gap.deviceFamily, gap.osVersion)}`}
      description="Choose the external group whose public link is to admit people with it. Its recruitment criteria open with the device filled in."
    >
      <div className="grid gap-4">
        <GroupPicker appId={appId} {...single(groupId, setGroupId)} />
        {data?.data.attributes?.publicLinkEnabled === false ? (
          <p className="text-sm">
            Its public link is off, so nobody can join by it.{' '}
            <Link
              href={`${base}/groups/${encodeURIComponent(groupId)}?tab=link`}
              className="rounded-sm text-accent-ink underline"
            >
              Switch it on
            </Link>
          </p>
        ) : null}
        <Refusal error={error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabled={groupId === ''}
            busy={groupId !== '' && isFetching && !data}
            onClick={() => setChosen(true)}
          >
            Open the criteria
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
