import { AlarmClockOff } from 'lucide-react';
import { IconButton } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { Dot } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import type { Light } from '@/lib/browser/lights';
import { sinceWord } from '@/lib/format/light-words';
import { ourTone } from '@/lib/format/tones';
import { LightParts } from './light-parts';
import { LightStep } from './light-step';

/** One thing that wants somebody, and its next step. */
export function LightRow({
  light,
  home,
  appName,
  rule,
  onSnooze,
}: {
  light: Light;
  /** Where the pages of its app are. */
  home: string;
  /** The name of its app, where the list spans several. */
  appName?: string | null | undefined;
  /** When it is lit, where nothing above says so. */
  rule?: string | undefined;
  /** Asks until when it is snoozed; absent for whom that would be refused. */
  onSnooze?: ((light: Light) => void) | undefined;
}) {
  const since = light.since === null ? null : sinceWord(light.kind);
  return (
    <li
      data-list-row=""
      data-light={light.key}
      tabIndex={-1}
      className="flex items-center gap-x-3 gap-y-2 rounded-sm px-2 py-2 text-sm hover:bg-hover max-sm:flex-wrap"
    >
      <span className="flex min-w-0 flex-1 items-baseline gap-3 max-sm:basis-full">
        <Dot tone={ourTone(`light.${light.level}`)} />
        <span className="min-w-0 break-words">
          <span className="sr-only">{light.level === 'red' ? 'Red: ' : 'Amber: '}</span>
          {appName ? (
            <>
              <Name className="font-medium">{appName}</Name>:{' '}
            </>
          ) : null}
          <LightParts light={light} />
          <span className="block text-ink-soft text-xs">
            {since ? (
              <>
                {since} <Time at={light.since} isInDays />
                {rule ? ' · ' : ''}
              </>
            ) : null}
            {rule}
          </span>
        </span>
      </span>
      <span className="max-sm:ml-5">
        <LightStep light={light} home={home} />
      </span>
      {onSnooze ? (
        <IconButton label="Snooze for the team" keys="s" data-snooze="" onClick={() => onSnooze(light)}>
          <AlarmClockOff size={15} aria-hidden />
        </IconButton>
      ) : null}
    </li>
  );
}
