import { Fragment, type ReactNode } from 'react';
import { GroupPicker } from '@/components/people/target-picker';
import { TextArea, TextField } from '@/components/ui/field';
import type { BuildResource } from '@/lib/browser/types';
import { languageName } from '@/lib/format/languages';
import { momentWords, type ShipChoices, type Telling, wantsCompliance } from './ship-choices';

const TELLINGS: readonly (readonly [way: Telling, title: string, hint: string])[] = [
  [
    'now',
    'As soon as they can have it',
    'App Store Connect mails them with the approval while automatic notification is on; where it is off, they are told then.',
  ],
  [
    'time',
    'At a time',
    'Automatic notification is switched off first, so that nobody is mailed before. Until beta review has approved, it waits.',
  ],
  ['none', 'Not at all', 'Automatic notification is switched off. Tell them by hand when it suits.'],
];

/** What to do with a build on its way to its testers. */
export function ShipForm({
  build,
  appId,
  primaryLocale,
  chosen,
  onChange,
}: {
  build: BuildResource;
  appId: string;
  primaryLocale: string | null;
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
      <TextArea
        label={`What to Test${primaryLocale ? ` in ${languageName(primaryLocale)}` : ''}`}
        hint="Left empty, what is there stays."
        dir="auto"
        value={chosen.notes}
        onChange={(event) => set({ notes: event.target.value })}
      />
      {wantsCompliance(build) ? (
        <Check
          isChecked={chosen.isExempt}
          onChange={(isExempt) => set({ isExempt })}
          hint="Export compliance is not answered yet, and App Store Connect lets nobody change the answer afterwards. Where a declaration is needed, answer it on the build’s page."
        >
          It uses no encryption, or only what is exempt
        </Check>
      ) : null}
      <Check
        isChecked={chosen.submit}
        onChange={(submit) => set({ submit })}
        hint="External testers get a build once it is approved. Left out where it needs no review."
      >
        Submit for beta review
      </Check>
      <fieldset className="grid gap-3">
        <legend className="mb-2 font-medium">Tell testers</legend>
        {TELLINGS.map(([way, title, hint]) => (
          <Fragment key={way}>
            <label className="flex items-start gap-3">
              <input
                type="radio"
                name="telling"
                checked={chosen.telling === way}
                onChange={() => set({ telling: way })}
                className="mt-1 size-4 shrink-0 accent-accent"
              />
              <span>
                <span className="font-medium">{title}</span>
                <span className="block text-pretty text-ink-soft">{hint}</span>
              </span>
            </label>
            {way === 'time' && chosen.telling === 'time' ? (
              <div className="pl-7">
                <TextField
                  label="Day and time"
                  type="datetime-local"
                  hint={momentWords(chosen.at)}
                  required
                  value={chosen.at}
                  onChange={(event) => set({ at: event.target.value })}
                />
              </div>
            ) : null}
          </Fragment>
        ))}
      </fieldset>
    </div>
  );
}

function Check({
  isChecked,
  onChange,
  hint,
  children,
}: {
  isChecked: boolean;
  onChange: (to: boolean) => void;
  hint: string;
  children: ReactNode;
}) {
  return (
    <label className="flex items-start gap-3">
      <input
        type="checkbox"
        checked={isChecked}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <span>
        <span className="font-medium">{children}</span>
        <span className="block text-pretty text-ink-soft">{hint}</span>
      </span>
    </label>
  );
}
