'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { TESTER_STATE } from '@/lib/asc/catalogue/values';
import { label } from '@/lib/format/labels';
import type { PruneChoices } from './prune-choices';
import { GroupPicker } from './target-picker';

/** The rules: whoever meets all that are ticked is named. Protected testers never are. */
export function PruneForm({
  appId,
  initial,
  isBusy,
  onShow,
}: {
  appId: string;
  initial: PruneChoices;
  isBusy: boolean;
  onShow: (choices: PruneChoices) => void;
}) {
  const [choices, setChoices] = useState(initial);
  const set = (part: Partial<PruneChoices>) => setChoices((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onShow(choices);
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
        <Tick isOn={choices.neverInstalled} onChange={(neverInstalled) => set({ neverInstalled })}>
          no build ever installed
        </Tick>
      </fieldset>
      <fieldset className="grid gap-3">
        <legend className="mb-3 font-medium">But nobody who is new</legend>
        <div className="flex flex-wrap items-center gap-2">
          invited within the last
          <Days
            name="Grace period after an invitation, days"
            least={0}
            value={choices.graceDays}
            onChange={(graceDays) => set({ graceDays })}
          />
          days
        </div>
        {choices.graceDays === '0' ? null : (
          <Tick isOn={choices.before} onChange={(before) => set({ before })}>
            list also those who were here before Flightdeck was: App Store Connect tells no date, so their
            invitation may be younger
          </Tick>
        )}
      </fieldset>
      <details>
        <summary className="w-fit text-ink-soft hover:text-ink">Only some testers</summary>
        <div className="mt-3 grid gap-5 md:grid-cols-3">
          <fieldset className="grid content-start gap-1.5">
            <legend className="mb-1.5 font-medium">In one of these states</legend>
            {TESTER_STATE.map((state) => (
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
            <GroupPicker
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
    <label className="flex w-fit items-start gap-2 py-0.5">
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
      <Days
        name={`${before}, days`}
        least={1}
        isOn={isOn}
        value={days}
        onChange={(next) => onChange(isOn, next)}
      />
      days
    </div>
  );
}

function Days({
  name,
  least,
  isOn = true,
  value,
  onChange,
}: {
  name: string;
  least: number;
  isOn?: boolean;
  value: string;
  onChange: (days: string) => void;
}) {
  return (
    <input
      type="number"
      min={least}
      max={365}
      required={isOn}
      disabled={!isOn}
      value={value}
      aria-label={name}
      onChange={(event) => onChange(event.target.value)}
      className="field h-8 w-20 px-2 tabular-nums"
    />
  );
}
