import Link from 'next/link';
import { Section } from '@/components/ui/section';
import { Dot, Status } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import type { MyAlerts, ToldView } from '@/lib/browser/alerts';
import { ourTone } from '@/lib/format/tones';
import { channelName } from './alert-row';

const STATES: Readonly<Record<ToldView['state'], string>> = {
  pending: 'Waits to be sent',
  sending: 'Being sent',
  sent: 'Sent',
  failed: 'Not sent',
};

/** What was told last, where, and what became of it. */
export function AlertsTold({ alerts: { told, channels } }: { alerts: MyAlerts }) {
  if (told.length === 0) return null;
  return (
    <Section title="Told last">
      <ul className="grid divide-y border-y" aria-label="Told last">
        {told.map((one) => (
          <li key={one.id} className="grid gap-0.5 py-2 text-sm">
            <span className="flex items-baseline gap-2">
              <Dot tone={one.level} />
              <Link href={one.path} prefetch={false} className="min-w-0 hover:underline">
                <bdi className="wrap-anywhere">{one.title}</bdi>
              </Link>
            </span>
            <span className="flex flex-wrap items-center gap-x-3 text-ink-soft">
              <Time at={one.at} />
              <bdi>{channelName(one.channel, channels)}</bdi>
              <Status tone={ourTone(`told.${one.state}`)}>{STATES[one.state]}</Status>
            </span>
            {one.trouble ? <span className="text-bad wrap-anywhere">{one.trouble}</span> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
