'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Refusal } from '@/components/ui/error-state';
import { SelectField } from '@/components/ui/field';
import { Name } from '@/components/ui/name';
import { toast } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import { type DigestBody, type DigestView, saveDigestMutation } from '@/lib/browser/digest';
import { ZoneField } from './zone-field';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const USUAL: DigestBody = { isOn: false, weekday: 1, hour: 9, timeZone: 'UTC', apps: null };
type Place = NonNullable<DigestBody['apps']>[number];
const placeOf = ({ accountId, appId }: Place): Place => ({ accountId, appId });
const keyOf = ({ accountId, appId }: Place) => `${accountId} ${appId}`;

/** When the digest comes, and of which apps. */
export function DigestForm({ view }: { view: DigestView }) {
  const [wanted, setWanted] = useState<DigestBody>(view.settings ?? USUAL);
  const { mutate, isPending, error } = useMutation(saveDigestMutation());
  const zoneTrouble = error instanceof ApiError ? error.detailFor('timeZone') : undefined;
  const isNew = view.settings === null;
  // The server does not know the zone of whoever has not said one.
  useEffect(() => {
    if (isNew) setWanted((now) => ({ ...now, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }));
  }, [isNew]);
  const set = (change: Partial<DigestBody>) => setWanted((now) => ({ ...now, ...change }));
  const save = (body: DigestBody) => {
    const before = view.settings;
    mutate(body, {
      onSuccess: () =>
        void toast({
          title: body.isOn ? 'The digest is on' : 'The digest is off',
          undo: before
            ? async () => {
                setWanted(before);
                await new Promise((resolve, reject) =>
                  mutate(before, { onSuccess: resolve, onError: reject }),
                );
              }
            : undefined,
        }),
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(wanted);
  };
  const choose = (app: Place, isChosen: boolean) => {
    const others = (wanted.apps ?? []).filter((one) => keyOf(one) !== keyOf(app));
    set({ apps: isChosen ? [...others, placeOf(app)] : others });
  };
  const chosen = new Set((wanted.apps ?? []).map(keyOf));
  return (
    <form onSubmit={submit} className="grid gap-4">
      <label className="flex min-h-8 items-center gap-2 font-medium text-sm">
        <input
          type="checkbox"
          checked={wanted.isOn}
          onChange={({ target }) => set({ isOn: target.checked })}
        />
        Send me the digest
      </label>
      <div className="flex flex-wrap gap-3">
        <SelectField
          label="Day"
          value={wanted.weekday}
          onChange={({ target }) => set({ weekday: Number(target.value) })}
        >
          {DAYS.map((day, nth) => (
            <option key={day} value={nth}>
              {day}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Hour"
          value={wanted.hour}
          onChange={({ target }) => set({ hour: Number(target.value) })}
        >
          {Array.from({ length: 24 }, (_, hour) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: hours are their own keys
            <option key={hour} value={hour}>
              {String(hour).padStart(2, '0')}:00
            </option>
          ))}
        </SelectField>
        <ZoneField
          value={wanted.timeZone}
          error={zoneTrouble}
          onChange={({ target }) => set({ timeZone: target.value })}
        />
      </div>
      <fieldset className="grid gap-2 text-sm">
        <legend className="mb-1.5 font-medium">Apps</legend>
        <label className="flex min-h-8 items-center gap-2">
          <input
            type="checkbox"
            checked={wanted.apps === null}
            onChange={({ target }) => set({ apps: target.checked ? null : view.choices.map(placeOf) })}
          />
          All of them, those that come too
        </label>
        {wanted.apps === null ? null : (
          <ul className="max-h-60 overflow-y-auto rounded-md border px-3 py-1.5">
            {view.choices.map((app) => (
              <li key={keyOf(app)}>
                <label className="flex min-h-8 items-center gap-2">
                  <input
                    type="checkbox"
                    checked={chosen.has(keyOf(app))}
                    onChange={({ target }) => choose(app, target.checked)}
                  />
                  <Name>{app.name}</Name>
                </label>
              </li>
            ))}
          </ul>
        )}
      </fieldset>
      {zoneTrouble ? null : <Refusal error={error} />}
      <div>
        <Button type="submit" variant="primary" busy={isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
