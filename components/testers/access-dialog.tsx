'use client';

import { type FormEvent, useState } from 'react';
import { BuildPicker, GroupPicker } from '@/components/people/target-picker';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import type { Access } from '@/lib/browser/tester-access';
import type { BuildResource, GroupResource } from '@/lib/browser/types';
import { useTesterAccess } from './use-tester-access';

interface Props {
  kind: Access['kind'];
  appId: string;
  testerId: string;
  /** Ids the tester has already. */
  held: readonly string[];
  ways: number;
  onClose: () => void;
}

/** Chooses a group to add one tester to, or a build to give. */
export default function AccessDialog({ kind, appId, testerId, held, ways, onClose }: Props) {
  const [access, setAccess] = useState<Access | null>(null);
  const { run, isPending, error } = useTesterAccess({ appId, testerId, ways });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A refusal stands in the dialog.
    if (access) void run({ access, change: 'add' }).then(onClose, () => undefined);
  };
  const chosen = access ? [access.kind === 'group' ? access.group.id : access.build.id] : [];
  const common = { appId, chosen, without: held, isSingle: true };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={kind === 'group' ? 'Add to a group' : 'Give a build'}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        {kind === 'group' ? (
          <GroupPicker
            {...common}
            withInternal
            onChange={(_ids, [group]) => group && setAccess({ kind, group: groupOf(group) })}
          />
        ) : (
          <BuildPicker
            {...common}
            onChange={(_ids, [build]) => build && setAccess({ kind, build: buildOf(build) })}
          />
        )}
        <Refusal error={error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isPending} disabled={!access}>
            {kind === 'group' ? 'Add to the group' : 'Give the build'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type Of<Kind extends Access['kind']> = Extract<Access, { kind: Kind }>;

function groupOf({ id, attributes }: GroupResource): Of<'group'>['group'] {
  return { id, name: attributes?.name ?? null, isInternalGroup: attributes?.isInternalGroup ?? false };
}

function buildOf({ id, attributes, meta }: BuildResource): Of<'build'>['build'] {
  const { trainVersion = null, platform = null } = meta ?? {};
  return { id, version: attributes?.version ?? null, trainVersion, platform, expired: false };
}
