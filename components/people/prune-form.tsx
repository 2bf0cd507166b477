'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { label } from '@/lib/format/labels';
import type { PruneRules } from '@/lib/query/people';
import { GroupBoxes } from './access-choice';

const STATES = ['NOT_INVITED', 'INVITED', 'ACCEPTED', 'INSTALLED', 'REVOKED'];

interface Choices {
  readonly sessions: boolean;
  readonly sessionDays: string;
  readonly feedback: boolean;
  readonly invited: boolean;
  readonly invitedDays: string;
  readonly unknown: boolean;
  readonly neverInstalled: boolean;
  readonly states: readonly string[];
  readonly groupIds: readonly string[];
  readonly tags: string;
}

// The rule of thumb most programmes begin with.
const USUAL: Choices = {
  sessions: true,
  sessionDays: '90',
  feedback: true,
  invited: true,
  invitedDays: '30',
  unknown: false,
  neverInstalled: false,
  states: [],
  groupIds: [],
  tags: '',
};

/** The rules: whoever meets all that are ticked is named. Protected testers never are. */
export function PruneForm({
  appId,
  isBusy,
  onShow,
}: {
  appId: string;
  isBusy: boolean;
  onShow: (rules: PruneRules) => void;
}) {
  const [choices, setChoices] = useState(USUAL);
  const set = (part: Partial<Choices>) => setChoices((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onShow(rulesOf(choices));
  };
  return (
    <form onSubmit={submit} className="grid gap-5 rounded-lg border p-5 text-sm max-sm:p-4">
      <p className="text-ink-soft">
        Testers who meet every rule you tick are listed with the reason. Protected testers are never removed,
        and nothing is removed before you have seen the list.
      </p>
      <fieldset className="grid gap-3">
        <legend className="mb-3 font-medium">Remove testers with</legend>
        <DaysRule
          isOn={choices.sessions}
          days={choices.sessionDays}
          before="no session in the last"
          onChange={(sessions, sessionDays) => set({ sessions, sessionDays })}
        />
        <Tick isOn={choices.feedback} onChange={(feedback) => set({ feedback })}>
          no feedback ever
        </Tick>
        <DaysRule
          isOn={choices.invited}
          days={choices.invitedDays}
          before="an invitation older than"
          onChange={(invited, invitedDays) => set({ invited, invitedDays })}
        />
        {choices.invited ? (
          <div className="pl-6">
            <Tick isOn={choices.unknown} onChange={(unknown) => set({ unknown })}>
              also those whose invitation Flightdeck has not seen (App Store Connect tells no date)
            </Tick>
          </div>
        ) : null}
        <Tick isOn={choices.neverInstalled} onChange={(neverInstalled) => set({ neverInstalled })}>
          no build ever installed
        </Tick>
      </fieldset>
      <details>
        <summary className="w-fit text-ink-soft hover:text-ink">Only some testers</summary>
        <div className="mt-3 grid gap-5 md:grid-cols-3">
          <fieldset className="grid content-start gap-1.5">
            <legend className="mb-1.5 font-medium">In one of these states</legend>
            {STATES.map((state) => (
              <Tick
                key={state}
                isOn={choices.states.includes(state)}
                onChange={(isOn) =>
                  set({
                    states: isOn ? [...choices.states, state] : choices.states.filter((one) => one !== state),
                  })
                }
              >
                {label(state)}
              </Tick>
            ))}
          </fieldset>
          <fieldset className="grid content-start gap-1.5">
            <legend className="mb-1.5 font-medium">In one of these groups</legend>
            <GroupBoxes
              appId={appId}
              chosen={choices.groupIds}
              onChange={(groupIds) => set({ groupIds })}
              withInternal
            />
          </fieldset>
          <label className="grid content-start gap-1.5">
            <span className="font-medium">Without these tags</span>
            <input
              value={choices.tags}
              placeholder="press, vip"
              onChange={(event) => set({ tags: event.target.value })}
              className="field h-9 px-2.5"
            />
            <span className="text-ink-soft">Separated by commas.</span>
          </label>
        </div>
      </details>
      <div>
        <Button type="submit" variant="primary" busy={isBusy}>
          Show matching testers
        </Button>
      </div>
    </form>
  );
}

function rulesOf(choices: Choices): PruneRules {
  const tags = choices.tags
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
  return {
    ...(choices.sessions ? { noSessionDays: Number(choices.sessionDays) } : {}),
    ...(choices.feedback ? { noFeedbackEver: true } : {}),
    ...(choices.invited ? { invitedBeforeDays: Number(choices.invitedDays) } : {}),
    ...(choices.invited && choices.unknown ? { unknownInvitation: 'prune' as const } : {}),
    ...(choices.neverInstalled ? { neverInstalled: true } : {}),
    ...(choices.states.length > 0 ? { states: choices.states } : {}),
    ...(choices.groupIds.length > 0 ? { groupIds: choices.groupIds } : {}),
    ...(tags.length > 0 ? { withoutTags: tags } : {}),
  };
}

function Tick({
  isOn,
  onChange,
  children,
}: {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  children: string;
}) {
  return (
    <label className="flex w-fit items-start gap-2">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      {children}
    </label>
  );
}

function DaysRule({
  isOn,
  days,
  before,
  onChange,
}: {
  isOn: boolean;
  days: string;
  before: string;
  onChange: (isOn: boolean, days: string) => void;
}) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Tick isOn={isOn} onChange={(next) => onChange(next, days)}>
        {before}
      </Tick>
      <input
        type="number"
        min={1}
        max={365}
        required={isOn}
        disabled={!isOn}
        value={days}
        aria-label={`${before}, days`}
        onChange={(event) => onChange(isOn, event.target.value)}
        className="field h-8 w-20 px-2 tabular-nums"
      />
      days
    </div>
  );
}
