import { useState } from 'react';
import type { Targets } from '@/components/people/target-lists';
import { useLinkage } from '@/components/programme/use-linkage';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { type Choice, Picker } from '@/components/ui/picker';
import type { GroupResource } from '@/lib/browser/types';
import { formatCount, formatPlural } from '@/lib/format/numbers';

/** Puts chosen testers or builds into a group; what was refused keeps the dialog open and says why. */
export function AddDialog({
  group,
  name,
  noun,
  description,
  label,
  nothing,
  targets,
  choices,
  done,
  onClose,
}: {
  group: GroupResource;
  name: 'betaTesters' | 'builds';
  noun: 'tester' | 'build';
  description: string;
  label: string;
  nothing: string;
  targets: Targets<unknown>;
  /** What `targets` has found, in words. */
  choices: readonly Choice[];
  /** What the toast says of so many. */
  done: (count: number) => string;
  onClose: () => void;
}) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const membership = useLinkage({ type: 'betaGroups', id: group.id, name, target: name });
  const add = async () => {
    try {
      await membership.change('add', [...chosen], done(chosen.size));
      onClose();
    } catch {
      // The reason stands in the dialog.
    }
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={`Add ${noun}s`}
      description={description}
    >
      <div className="flex flex-col gap-4">
        <Picker
          name={`${noun === 'tester' ? 'Testers' : 'Builds'} of the app`}
          label={label}
          search={targets.search}
          onSearch={targets.onSearch}
          chosen={chosen}
          onChange={setChosen}
          isPending={targets.isPending}
          onMore={targets.onMore}
          nothing={nothing}
          note={
            targets.onMore
              ? `${formatCount(choices.length)} of ${formatCount(targets.total)} are shown.`
              : null
          }
          choices={choices}
        />
        <Refusal error={membership.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            busy={membership.isPending}
            disabled={chosen.size === 0}
            onClick={() => void add()}
          >
            {chosen.size === 0 ? `Add ${noun}s` : `Add ${formatPlural(chosen.size, noun)}`}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
