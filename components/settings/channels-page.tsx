'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import { toast, toastError } from '@/components/ui/toast';
import {
  channelsOptions,
  type MailServerView,
  removeMailServerMutation,
  type TroubleView,
} from '@/lib/browser/channels';
import {
  type ConnectorView,
  connectorsOptions,
  removeConnectorMutation,
  testConnectorMutation,
} from '@/lib/browser/connectors';
import { connectorWords } from '@/lib/format/connectors';
import { formatPlural } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';
import { ChannelTrouble } from './channel-trouble';

const ConnectorDialog = onDemand(() => import('./connector-dialog'));
const MailServerDialog = onDemand(() => import('./mail-server-dialog'));
const RemoveDialog = onDemand(() => import('@/components/ui/remove-dialog'));

/** Where alerts can go to besides the bell. */
const MESSENGERS = ['slack', 'teams', 'webhook'] as const;

type Editing =
  | { readonly kind: 'mail' }
  | { readonly kind: 'messenger'; readonly connector: ConnectorView | null };
type Removing = 'mail' | ConnectorView;

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
        <Mail
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
            None yet. With a channel in Slack or Teams, or a webhook of your own, people can have what they
            are told of told to the whole team. Testers’ addresses are masked there.
          </p>
        ) : (
          <ul className="grid divide-y border-y" aria-label="Messengers">
            {messengers.map((connector) => (
              <Messenger
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
      {removing ? <Removal removing={removing} onClose={() => setRemoving(null)} /> : null}
    </div>
  );
}

function Mail({
  mail,
  trouble,
  count,
  onRemove,
}: {
  mail: MailServerView | null;
  trouble: TroubleView | undefined;
  count: number;
  onRemove: () => void;
}) {
  if (!mail)
    return (
      <p className="text-ink-soft text-sm">
        No mail is sent yet. With the address of a mail server (SMTP), people can be told by e-mail at the
        address they sign in with.
      </p>
    );
  return (
    <div className="grid gap-1 border-y py-3">
      <p className="font-medium wrap-anywhere">
        {mail.host}, port {mail.port}
      </p>
      <p className="text-ink-soft text-sm wrap-anywhere">
        From <bdi>{mail.fromName}</bdi> ({mail.fromAddress}) · {used(count)}
      </p>
      {trouble ? (
        <ChannelTrouble trouble={trouble} />
      ) : (
        <Status tone={ourTone('channel.works')}>Works as far as it is known</Status>
      )}
      <span className="-ml-3 flex flex-wrap gap-1">
        <Button variant="ghost" onClick={onRemove}>
          Remove
        </Button>
      </span>
    </div>
  );
}

function Messenger({
  connector,
  trouble,
  count,
  onChange,
  onRemove,
}: {
  connector: ConnectorView;
  trouble: TroubleView | undefined;
  count: number;
  onChange: () => void;
  onRemove: () => void;
}) {
  const { name, kind, app, takesAlerts } = connector;
  const test = useMutation(testConnectorMutation());
  return (
    <li className="grid gap-1 py-3">
      <p className="font-medium">
        <Name className="wrap-anywhere">{name}</Name>
      </p>
      <p className="text-ink-soft text-sm wrap-anywhere">
        {connectorWords(kind).name} · {app === null ? 'all apps' : <Name>{app.name}</Name>} ·{' '}
        {takesAlerts ? used(count) : 'takes no alerts'}
      </p>
      {trouble ? <ChannelTrouble trouble={trouble} /> : null}
      <span className="-ml-3 flex flex-wrap gap-1">
        <Button
          variant="ghost"
          busy={test.isPending}
          aria-label={`Send a test to ${name}`}
          onClick={() =>
            test.mutate(connector, {
              onSuccess: ({ data }) => void toast({ title: data.words }),
              onError: (failure) => void toastError(`The test to “${name}” did not arrive`, failure),
            })
          }
        >
          Send a test
        </Button>
        <Button variant="ghost" onClick={onChange} aria-label={`Change ${name}`}>
          Change
        </Button>
        <Button variant="ghost" onClick={onRemove} aria-label={`Remove ${name}`}>
          Remove
        </Button>
      </span>
    </li>
  );
}

const used = (count: number) => (count === 0 ? 'not used yet' : `used by ${formatPlural(count, 'alert')}`);

function Removal({ removing, onClose }: { removing: Removing; onClose: () => void }) {
  const removeMail = useMutation(removeMailServerMutation());
  const removeConnector = useMutation(removeConnectorMutation());
  const settle = {
    onSuccess: () => void toast({ title: 'The channel was removed' }),
    onError: (failure: Error) => void toastError('The channel was not removed', failure),
    onSettled: onClose,
  };
  const isMail = removing === 'mail';
  return (
    <RemoveDialog
      title={isMail ? 'Remove the mail server?' : 'Remove this channel?'}
      description={
        isMail ? (
          'Nobody is told by e-mail any more. Its password is destroyed; people keep their alerts.'
        ) : (
          <>
            No alerts go to <Name>{removing.name}</Name>, and no feedback is handed over to it any more. Its
            secret is destroyed.
          </>
        )
      }
      busy={removeMail.isPending || removeConnector.isPending}
      onClose={onClose}
      onRemove={() =>
        isMail ? removeMail.mutate(undefined, settle) : removeConnector.mutate(removing.id, settle)
      }
    />
  );
}
