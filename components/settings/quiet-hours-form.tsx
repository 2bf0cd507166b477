'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { Section } from '@/components/ui/section';
import { toast } from '@/components/ui/toast';
import { useHydrated } from '@/components/ui/use-hydrated';
import { type QuietHours, saveQuietHoursMutation } from '@/lib/browser/alerts';
import { ApiError } from '@/lib/browser/api';
import { ZoneField } from './zone-field';

/** When one is not to be disturbed, and in which time zone. */
export function QuietHoursForm({ quiet }: { quiet: QuietHours | null }) {
  const isHydrated = useHydrated();
  const save = useMutation(saveQuietHoursMutation());
  const [isQuiet, setQuiet] = useState(quiet?.isQuiet ?? false);
  const error = save.error instanceof ApiError ? save.error : undefined;
  const at = (field: string) => error?.detailFor(field);
  const here = isHydrated ? Intl.DateTimeFormat().resolvedOptions().timeZone : '';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string) => String(data.get(name) ?? '').trim();
    save.mutate(
      {
        isQuiet,
        timeZone: text('timeZone'),
        // A field that cannot be written in is not sent along.
        quietFrom: isQuiet ? text('quietFrom') : (quiet?.quietFrom ?? '22:00'),
        quietTo: isQuiet ? text('quietTo') : (quiet?.quietTo ?? '07:00'),
      },
      { onSuccess: () => void toast({ title: 'Quiet hours saved' }) },
    );
  };
  return (
    <Section title="Quiet hours">
      <form onSubmit={submit} className="grid gap-4" noValidate aria-label="Quiet hours">
        <p className="text-ink-soft text-sm">
          What happens in your quiet hours is sent when they end, in one message. The bell rings at any time:
          it makes no noise.
        </p>
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={isQuiet}
            disabled={!isHydrated}
            onChange={({ target }) => setQuiet(target.checked)}
          />
          Send me nothing in my quiet hours
        </label>
        <div className="flex flex-wrap gap-4">
          <TextField
            label="From"
            name="quietFrom"
            type="time"
            defaultValue={quiet?.quietFrom ?? '22:00'}
            disabled={!isQuiet}
            error={at('quietFrom')}
          />
          <TextField
            label="To"
            name="quietTo"
            type="time"
            defaultValue={quiet?.quietTo ?? '07:00'}
            disabled={!isQuiet}
            error={at('quietTo')}
          />
          <ZoneField
            key={here}
            name="timeZone"
            defaultValue={quiet?.timeZone ?? here}
            error={at('timeZone')}
          />
        </div>
        {save.error && !['quietFrom', 'quietTo', 'timeZone'].some((field) => at(field)) ? (
          <Refusal error={save.error} />
        ) : null}
        <div>
          <Button type="submit" busy={save.isPending}>
            Save quiet hours
          </Button>
        </div>
      </form>
    </Section>
  );
}
