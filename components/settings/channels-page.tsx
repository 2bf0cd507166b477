'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/late-error';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { channelsOptions } from '@/lib/browser/channels';
import { type ConnectorView, connectorsOptions } from '@/lib/browser/connectors';
import { MailRow, MessengerRow } from './channel-rows';
import type { Removing } from './remove-channel';

const ConnectorDialog = onDemand(() => import('./connector-dialog'));
const MailServerDialog = onDemand(() => import('./mail-server-dialog'));
const RemoveChannel = onDemand(() => import('./remove-channel'));

/** Where alerts can go to besides the bell. */
const MESSENGERS = ['slack', 'teams', 'webhook'] as const;

type Editing =
  | { readonly kind: 'mail' }
  | { readonly kind: 'messenger'; readonly connector: ConnectorView | null };

/** How alerts leave Flightdeck: the mail server, and the messengers of the team. */
export function ChannelsPage() {
  const channels = useQuery(channelsOptions());
  const connectors = useQuery(connectorsOptions());
  const [editing, setEditing] = useState<Editing | null>(null);
  const [removing, setRemoving] = useState<Removing | null>(null);
  const error = channels.error ?? connectors.error;
  if (error && !(channels.data && connectors.data))
    return (
      <ErrorState
        title="The channels could not be loaded"
        error={error}
        onRetry={() => void Promise.all([channels.refetch(), connectors.refetch()])}
      />
    );
  if (!channels.data || !connectors.data) return <ListSkeleton rows={4} />;
  const { mail, troubles, uses } = channels.data.data;
  const messengers = connectors.data.data.connectors.filter(({ kind }) =>
    MESSENGERS.some((one) => one === kind),
  );
  const troubleOf = (channel: string) => troubles.find((one) => one.channel === channel);
  return (
    <div className="grid gap-8">
      <Section
        title="E-mail"
        action={
          <Button variant={mail ? 'secondary' : 'primary'} onClick={() => setEditing({ kind: 'mail' })}>
            {mail ? 'Change the mail server' : 'Set up a mail server'}
          </Button>
        }
      >
        <MailRow
          mail={mail}
          trouble={troubleOf('mail')}
          count={uses.mail ?? 0}
          onRemove={() => setRemoving('mail')}
        />
      </Section>
      <Section
        title="Messengers"
        action={
          <Button
            icon={<Plus size={14} aria-hidden />}
            onClick={() => setEditing({ kind: 'messenger', connector: null })}
          >
            Add a channel
          </Button>
        }
      >
        {messengers.length === 0 ? (
          <p className="text-ink-soft text-sm">
            None yet. With a channel of Slack or Teams, or a webhook of your own, an alert reaches the whole
            team. Testers’ addresses are masked there.
          </p>
        ) : (
          <ul className="grid divide-y border-y" aria-label="Messengers">
            {messengers.map((connector) => (
              <MessengerRow
                key={connector.id}
                connector={connector}
                trouble={troubleOf(`connector/${connector.id}`)}
                count={uses[`connector/${connector.id}`] ?? 0}
                onChange={() => setEditing({ kind: 'messenger', connector })}
                onRemove={() => setRemoving(connector)}
              />
            ))}
          </ul>
        )}
      </Section>
      {editing?.kind === 'mail' ? <MailServerDialog mail={mail} onClose={() => setEditing(null)} /> : null}
      {editing?.kind === 'messenger' ? (
        <ConnectorDialog
          connector={editing.connector}
          list={connectors.data.data}
          kinds={MESSENGERS}
          onClose={() => setEditing(null)}
        />
      ) : null}
      {removing ? <RemoveChannel removing={removing} onClose={() => setRemoving(null)} /> : null}
    </div>
  );
}
