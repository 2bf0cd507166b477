'use client';

import { type FormEvent, useState } from 'react';
import { until } from '@/components/feedback/snooze-times';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextField } from '@/components/ui/field';
import { Name } from '@/components/ui/name';
import type { Light } from '@/lib/browser/lights';
import { programmeNow } from '@/lib/browser/programme-now';
import { formatDate } from '@/lib/format/dates';
import { untilWords } from '@/lib/format/light-words';
import { LightParts } from './light-parts';

const DAY_MS = 86_400_000;
const later = (days: number) => new Date(programmeNow() + days * DAY_MS).toISOString();

/** Until when nobody is told of a light. */
export default function SnoozeDialog({
  light,
  appName,
  onChoose,
  onClose,
}: {
  light: Light;
  /** The name of its app, where the page spans several. */
  appName: string | null | undefined;
  onChoose: (until: string | null, words: string) => void;
  onClose: () => void;
}) {
  const [day, setDay] = useState('');
  const [trouble, setTrouble] = useState<string>();
  const withoutEnd = untilWords(light.level);
  const toDay = (event: FormEvent) => {
    event.preventDefault();
    const at = until(day);
    if (at === null || Date.parse(at) <= programmeNow()) return setTrouble('Choose a day that is to come.');
    onChoose(at, `until ${formatDate(at)}`);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Snooze for the team"
      description={
        <>
          {appName ? (
            <>
              <Name className="font-medium">{appName}</Name>:{' '}
            </>
          ) : null}
          <LightParts light={light} />
        </>
      }
    >
      <div className="grid gap-4">
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => onChoose(later(1), 'for a day')}>For a day</Button>
          <Button onClick={() => onChoose(later(7), 'for a week')}>For a week</Button>
          <Button onClick={() => onChoose(null, withoutEnd)}>U{withoutEnd.slice(1)}</Button>
        </div>
        <form onSubmit={toDay} className="flex flex-wrap items-end gap-2">
          <TextField
            label="Until a day"
            type="date"
            value={day}
            error={trouble}
            onChange={({ target }) => {
              setDay(target.value);
              setTrouble(undefined);
            }}
          />
          <Button type="submit" className="h-9" disabled={day === ''}>
            Snooze until then
          </Button>
        </form>
        <p className="text-ink-soft text-sm">
          {light.level === 'amber'
            ? 'It comes back by itself should it turn red before.'
            : 'It is red already, so that it cannot get worse: without a day it is hidden until it went out and comes again.'}
        </p>
      </div>
    </Dialog>
  );
}
