'use client';

import { type FormEvent, useState } from 'react';
import { GroupPicker } from '@/components/people/target-picker';
import { refusalWords } from '@/components/programme/refusal-words';
import { useLinkage } from '@/components/programme/use-linkage';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { ApiError } from '@/lib/browser/api';
import type { GroupResource } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';
import type { AboutBuild } from './about-build';
import { buildName } from './build-words';
import { whyGroupTakesNot } from './group-takes';

/** Gives a build to many groups at once; where App Store Connect refuses them together, each is tried by itself. */
export default function AddGroupsDialog({ build, appId, onClose }: AboutBuild) {
  const linkage = useLinkage({ type: 'builds', id: build.id, name: 'betaGroups', target: 'betaGroups' });
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const [refused, setRefused] = useState<ReadonlyMap<string, unknown> | null>(null);
  const [isBusy, setBusy] = useState(false);
  const done = (count: number) => `Given to ${formatPlural(count, 'group')}`;
  const choose = (ids: readonly string[], rows: readonly GroupResource[]) => {
    setChosen(ids);
    setNames((known) => new Map([...known, ...rows.map((row) => [row.id, nameOf(row)] as const)]));
  };
  const give = async () => {
    setRefused(null);
    try {
      await linkage.change('add', chosen, done(chosen.length));
      onClose();
    } catch (error) {
      if (chosen.length === 1 || !isRefusal(error)) return;
      const left = await linkage.changeEach('add', chosen, done);
      if (left.size === 0) return onClose();
      setRefused(left);
      setChosen([...left.keys()]);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    void give().finally(() => setBusy(false));
  };
  const isTold = build.meta?.autoNotifyEnabled === true;
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Add to groups"
      description={`${buildName(build)}. ${
        isTold
          ? 'Automatic notification is on: testers of these groups are mailed as soon as they can test it.'
          : 'Automatic notification is off: nobody is mailed until you notify testers.'
      }`}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <GroupPicker
          appId={appId}
          accountId={build.meta?.accountId}
          withInternal
          chosen={chosen}
          without={(build.meta?.groups ?? []).map(({ id }) => id)}
          unableOf={(group) => whyGroupTakesNot(build, group)}
          onChange={choose}
        />
        {refused ? (
          <Refused refused={refused} names={names} />
        ) : isBusy ? null : (
          <Refusal error={linkage.error} />
        )}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isBusy} disabled={chosen.length === 0}>
            {chosen.length === 0 ? 'Add to groups' : `Add to ${formatPlural(chosen.length, 'group')}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Refused({
  refused,
  names,
}: {
  refused: ReadonlyMap<string, unknown>;
  names: ReadonlyMap<string, string>;
}) {
  return (
    <ul role="alert" className="grid gap-1 text-sm">
      {[...refused].map(([id, error]) => (
        <li key={id} className="break-words">
          <bdi className="font-medium">{names.get(id) ?? 'A group'}</bdi>: {refusalWords(error)}
        </li>
      ))}
    </ul>
  );
}

const nameOf = ({ attributes }: GroupResource) => attributes?.name ?? 'Unnamed';

/** Apple has looked at what was asked and said no, so that nothing was done. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.isApple && [404, 409, 422].includes(error.status);
}
