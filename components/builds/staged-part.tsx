'use client';

import { GroupPicker } from '@/components/people/target-picker';
import { TextField } from '@/components/ui/field';
import { CRASH_FREE_REACH } from '@/lib/format/crash-free';
import { Choice } from './choice';
import { FIRST_STAGED, type SecondMail, type StagedChoices, stagedProblems } from './staged-choices';

const MAILS: readonly (readonly [mail: SecondMail, title: string, hint: string])[] = [
  [
    'group',
    'Those of its groups, as App Store Connect does it',
    'Automatic notification is on when they get the build: whoever was never invited is. Whether the others are told is not documented. Nobody who has the build already is mailed.',
  ],
  ['nobody', 'Nobody', 'Automatic notification is switched off before they get the build.'],
  [
    'everybody',
    'Everybody of the build',
    'A notice names a build and not a group: those who have it already are mailed a second time. The plan says how many.',
  ],
];

const FIGURES = [
  ['crashFree', 'Crash-free sessions, %'],
  ['hours', 'For so many hours'],
  ['sessions', 'New sessions at least'],
] as const;

/** Groups that get the build later, when it has proved itself with those who get it now. */
export function StagedPart({
  appId,
  accountId,
  first,
  chosen,
  onChange,
}: {
  appId: string;
  accountId: string | undefined;
  /** Who gets it now. */
  first: readonly string[];
  /** Null while there is no second stage. */
  chosen: StagedChoices | null;
  onChange: (chosen: StagedChoices | null) => void;
}) {
  const problems = chosen && stagedProblems(chosen);
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-2 font-medium">Other groups later</legend>
      <Choice
        kind="checkbox"
        isChosen={chosen !== null}
        onChoose={(isWanted) => onChange(isWanted ? FIRST_STAGED : null)}
        hint="They get the build when it has proved itself with those who have it. Until then the job waits, and tells by the bell when a person should look."
      >
        Release to other groups in a second stage
      </Choice>
      {chosen && problems ? (
        <div className="grid gap-4 pl-7">
          <GroupPicker
            appId={appId}
            accountId={accountId}
            withInternal
            chosen={chosen.groups}
            unableOf={({ id, attributes }) =>
              first.includes(id)
                ? 'Gets it now'
                : attributes?.hasAccessToAllBuilds
                  ? 'Gets every build by itself'
                  : undefined
            }
            onChange={(groups) => onChange({ ...chosen, groups })}
          />
          <div className="grid gap-3 sm:grid-cols-3">
            {FIGURES.map(([name, label]) => (
              <TextField
                key={name}
                label={label}
                inputMode={name === 'crashFree' ? 'decimal' : 'numeric'}
                value={chosen[name]}
                error={problems[name] ?? undefined}
                onChange={(event) => onChange({ ...chosen, [name]: event.target.value })}
              />
            ))}
          </div>
          <p className="text-pretty text-ink-soft">
            Read once an hour: 1 − new crashes ÷ new sessions, counted from the first reading.{' '}
            {CRASH_FREE_REACH}
          </p>
          <fieldset className="grid gap-3">
            <legend className="mb-2 font-medium">Whom the second stage mails</legend>
            {MAILS.map(([mail, title, hint]) => (
              <Choice
                key={mail}
                kind="radio"
                name="second-mail"
                isChosen={chosen.mail === mail}
                onChoose={() => onChange({ ...chosen, mail })}
                hint={hint}
              >
                {title}
              </Choice>
            ))}
          </fieldset>
        </div>
      ) : null}
    </fieldset>
  );
}
