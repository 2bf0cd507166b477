'use client';

import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Section } from '@/components/ui/section';
import { Status } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { toast, toastError } from '@/components/ui/toast';
import { type ChannelChoice, type MyAlerts, testOwnChannelMutation } from '@/lib/browser/alerts';
import { ourTone } from '@/lib/format/tones';
import { channelName } from './alert-row';

/** Where alerts can be told, each with a test; what fails says what the other side said. */
export function OwnChannels({ alerts: { channels, troubles } }: { alerts: MyAlerts }) {
  const maySet = useMay('settings:write');
  const own = channels.filter(({ kind }) => kind === 'bell' || kind === 'mail');
  return (
    <Section
      title="Where"
      action={
        maySet ? (
          <ButtonLink href="/settings/channels" variant="secondary">
            Channels of the team
          </ButtonLink>
        ) : null
      }
    >
      <ul className="grid divide-y border-y" aria-label="Your channels">
        {own.map((channel) => (
          <Own key={channel.channel} channel={channel} />
        ))}
      </ul>
      {troubles.map(({ channel, trouble, since }) => (
        <div key={channel} role="alert" className="grid gap-1 text-sm">
          <Status
            tone={ourTone('channel.fails')}
          >{`${channelName(channel.replace(/^mail\/.*/, 'mail'), channels)} does not work`}</Status>
          <p className="text-bad wrap-anywhere">{trouble}</p>
          <p className="text-ink-soft">
            Since <Time at={since} />. What is to be told is kept and tried again for three days
            {maySet ? '' : '; an admin can mend it under Settings, Channels'}.
          </p>
          {/^mail(\/|$)/.test(channel) && own.some(({ kind, problem }) => kind === 'mail' && !problem) ? (
            <Try kind="mail" variant="secondary" label="Try again now: your mailbox">
              Try again now
            </Try>
          ) : null}
        </div>
      ))}
    </Section>
  );
}

function Own({ channel: { kind, name, problem } }: { channel: ChannelChoice }) {
  if (kind !== 'bell' && kind !== 'mail') return null;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
      <div className="min-w-0">
        <p className="wrap-anywhere">{name}</p>
        {problem ? <p className="text-ink-soft text-sm">{problem}</p> : null}
      </div>
      {problem ? null : (
        <Try kind={kind} variant="ghost" label={`Send a test: ${name}`}>
          Send a test
        </Try>
      )}
    </li>
  );
}

/** Sends a test; one that arrives ends what is said of a channel that did not work. */
function Try({
  kind,
  variant,
  label,
  children,
}: {
  kind: 'bell' | 'mail';
  variant: 'secondary' | 'ghost';
  label: string;
  children: ReactNode;
}) {
  const test = useMutation(testOwnChannelMutation());
  return (
    <span>
      <Button
        variant={variant}
        busy={test.isPending}
        aria-label={label}
        onClick={() =>
          test.mutate(kind, {
            onSuccess: ({ data }) => void toast({ title: data.words }),
            onError: (failure) => void toastError('The test did not arrive', failure),
          })
        }
      >
        {children}
      </Button>
    </span>
  );
}
