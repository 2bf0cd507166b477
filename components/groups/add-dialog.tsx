import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorWords } from '@/components/ui/error-state';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import type { GroupResource } from '@/lib/query/types';
import { type Choice, Picker } from './picker';
import { useMembership } from './use-membership';

/** Puts chosen testers or builds into a group; what was refused keeps the dialog open and says why. */
export function AddDialog({
  group,
  name,
  noun,
  description,
  label,
  nothing,
  search,
  onSearch,
  isPending,
  choices,
  total,
  done,
  onClose,
}: {
  group: GroupResource;
  name: 'betaTesters' | 'builds';
  noun: 'tester' | 'build';
  description: string;
  label: string;
  nothing: string;
  search: string;
  onSearch: (to: string) => void;
  isPending: boolean;
  choices: readonly Choice[];
  /** How many match, of which `choices` are the first. */
  total: number | undefined;
  /** What the toast says of so many. */
  done: (count: number) => string;
  onClose: () => void;
}) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const membership = useMembership(group.id, name);
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
      <div className="grid gap-4">
        <Picker
          label={label}
          search={search}
          onSearch={onSearch}
          chosen={chosen}
          onChange={setChosen}
          isPending={isPending}
          nothing={nothing}
          note={
            total !== undefined && total > choices.length
              ? `${formatCount(choices.length)} of ${formatCount(total)} are shown. Search to find the others.`
              : null
          }
          choices={choices}
        />
        {membership.error ? (
          <div role="alert">
            <ErrorWords error={membership.error} />
          </div>
        ) : null}
        <div className="flex justify-end gap-2">
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
