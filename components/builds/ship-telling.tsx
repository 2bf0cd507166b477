import { Fragment, useEffect, useState } from 'react';
import { SelectField, TextField } from '@/components/ui/field';
import { programmeNow } from '@/lib/browser/programme-now';
import { WEEKDAYS } from '@/lib/format/next-time';
import { Choice } from './choice';
import { momentWords, type ShipChoices, type Telling, type Weekly, weeklyMoment } from './ship-choices';

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
  [
    'weekly',
    'On a day of the week',
    'The first such time after beta review has approved. Automatic notification is switched off first.',
  ],
  ['none', 'Not at all', 'Automatic notification is switched off. Tell them by hand when it suits.'],
];

type When = Pick<ShipChoices, 'telling' | 'at' | 'weekly'>;

/** When testers are told that the build is there. */
export function ShipTelling({
  chosen,
  onChange,
}: {
  chosen: When;
  onChange: (change: Partial<When>) => void;
}) {
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-2 font-medium">Tell testers</legend>
      {TELLINGS.map(([way, title, hint]) => (
        <Fragment key={way}>
          <Choice
            kind="radio"
            name="telling"
            isChosen={chosen.telling === way}
            onChoose={() => onChange({ telling: way })}
            hint={hint}
          >
            {title}
          </Choice>
          {way === 'time' && chosen.telling === 'time' ? (
            <div className="pl-7">
              <TextField
                label="Day and time"
                type="datetime-local"
                hint={momentWords(chosen.at)}
                required
                value={chosen.at}
                onChange={(event) => onChange({ at: event.target.value })}
              />
            </div>
          ) : null}
          {way === 'weekly' && chosen.telling === 'weekly' ? (
            <OnWeekday weekly={chosen.weekly} onChange={(weekly) => onChange({ weekly })} />
          ) : null}
        </Fragment>
      ))}
    </fieldset>
  );
}

// Monday first, as calendars have it.
const DAYS = [...WEEKDAYS.slice(1), WEEKDAYS[0]];

function OnWeekday({ weekly, onChange }: { weekly: Weekly; onChange: (weekly: Weekly) => void }) {
  const now = useProgrammeNow();
  const moment = weeklyMoment(weekly, now);
  const zones = [...new Set([weekly.zone, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
  return (
    <div className="grid gap-2 pl-7">
      <div className="grid gap-3 sm:grid-cols-[1fr_8rem_2fr]">
        <SelectField
          label="Day"
          value={weekly.day}
          onChange={(event) => onChange({ ...weekly, day: event.target.value })}
        >
          {DAYS.map((day) => (
            <option key={day}>{day}</option>
          ))}
        </SelectField>
        <TextField
          label="Time"
          type="time"
          required
          value={weekly.time}
          onChange={(event) => onChange({ ...weekly, time: event.target.value })}
        />
        <SelectField
          label="Time zone"
          value={weekly.zone}
          onChange={(event) => onChange({ ...weekly, zone: event.target.value })}
        >
          {zones.map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </SelectField>
      </div>
      <p role="status" className="text-pretty text-ink-soft">
        {moment
          ? `Next: ${moment}, ${weekly.zone}. Where beta review takes longer, a week later.`
          : 'Choose a time of the day.'}
      </p>
    </div>
  );
}

/** The programme’s time, looked at again while the form stays open. */
function useProgrammeNow(): number {
  const [now, setNow] = useState(programmeNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(programmeNow()), 15_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
