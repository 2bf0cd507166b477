import { GroupPicker } from '@/components/people/target-picker';
import type { BuildResource } from '@/lib/browser/types';
import { Choice } from './choice';
import { type ShipChoices, wantsCompliance } from './ship-choices';
import { ShipCompliance } from './ship-compliance';
import { ShipNotes } from './ship-notes';
import { ShipTelling } from './ship-telling';
import { StagedPart } from './staged-part';

/** What to do with a build on its way to its testers. */
export function ShipForm({
  build,
  appId,
  locales,
  held,
  chosen,
  onChange,
}: {
  build: BuildResource;
  appId: string;
  locales: readonly string[];
  held: Readonly<Record<string, string>>;
  chosen: ShipChoices;
  onChange: (chosen: ShipChoices) => void;
}) {
  const set = (change: Partial<ShipChoices>) => onChange({ ...chosen, ...change });
  return (
    <div className="grid gap-5 text-sm">
      <GroupPicker
        appId={appId}
        accountId={build.meta?.accountId}
        withInternal
        chosen={chosen.groups}
        unableOf={({ attributes }) =>
          !attributes?.isInternalGroup && build.attributes?.buildAudienceType === 'INTERNAL_ONLY'
            ? 'Internal testing only'
            : undefined
        }
        onChange={(groups) => set({ groups })}
      />
      <ShipNotes build={build} appId={appId} locales={locales} held={held} chosen={chosen} onChange={set} />
      {wantsCompliance(build) ? (
        <ShipCompliance build={build} appId={appId} chosen={chosen} onChange={set} />
      ) : null}
      <Choice
        kind="checkbox"
        isChosen={chosen.submit}
        onChoose={(submit) => set({ submit })}
        hint="External testers get a build once it is approved. Left out where it needs no review."
      >
        Submit for beta review
      </Choice>
      <ShipTelling chosen={chosen} onChange={set} />
      <StagedPart
        appId={appId}
        accountId={build.meta?.accountId}
        first={chosen.groups}
        chosen={chosen.staged}
        onChange={(staged) => set({ staged })}
      />
    </div>
  );
}
