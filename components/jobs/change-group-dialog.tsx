'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { GroupPicker, single } from '@/components/people/target-picker';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { changeJobGroupMutation } from '@/lib/browser/jobs';

interface Props {
  jobId: string;
  appId: string;
  goneId: string;
  onClose: () => void;
}

/** Chooses the group a job goes on with when its own is gone. */
export default function ChangeGroupDialog({ jobId, appId, goneId, onClose }: Props) {
  const [groupId, setGroupId] = useState('');
  const change = useMutation(changeJobGroupMutation());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (groupId) change.mutate({ id: jobId, groupId }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Go on with another group"
      description="Everybody who is still to be done goes into this group instead."
    >
      <form onSubmit={submit} className="grid gap-4">
        <GroupPicker appId={appId} {...single(groupId, setGroupId)} without={[goneId]} withInternal />
        <Refusal error={change.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" variant="primary" busy={change.isPending} disabled={!groupId}>
            Continue with this group
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
