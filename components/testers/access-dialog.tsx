'use client';

import { type FormEvent, useState } from 'react';
import { BuildSelect, GroupSelect } from '@/components/people/target-select';
import { useBuilds, useGroups } from '@/components/people/use-targets';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorWords } from '@/components/ui/error-state';
import type { Access } from '@/lib/query/tester-access';
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
  const [chosen, setChosen] = useState('');
  const { run, isPending, error } = useTesterAccess({ appId, testerId, ways });
  const access = useChosen(kind, appId, chosen);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A refusal stands in the dialog.
    if (access) void run({ access, change: 'add' }).then(onClose, () => undefined);
  };
  const select = { appId, value: chosen, onChange: setChosen, without: held };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={kind === 'group' ? 'Add to a group' : 'Give a build'}
    >
      <form onSubmit={submit} className="grid gap-4">
        {kind === 'group' ? <GroupSelect {...select} /> : <BuildSelect {...select} />}
        {error ? (
          <div role="alert">
            <ErrorWords error={error} />
          </div>
        ) : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isPending} disabled={!access}>
            {kind === 'group' ? 'Add to the group' : 'Give the build'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function useChosen(kind: Access['kind'], appId: string, chosen: string): Access | null {
  const group = useGroups(kind === 'group' ? appId : '').find(({ id }) => id === chosen);
  const build = useBuilds(kind === 'build' ? appId : '').find(({ id }) => id === chosen);
  if (group) {
    const { name = null, isInternalGroup } = group.attributes ?? {};
    return { kind: 'group', group: { id: chosen, name, isInternalGroup: isInternalGroup ?? false } };
  }
  if (!build) return null;
  const { attributes, meta } = build;
  const version = attributes?.version ?? null;
  return {
    kind: 'build',
    build: { id: chosen, version, trainVersion: meta?.trainVersion ?? null, expired: false },
  };
}
