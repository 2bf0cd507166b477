'use client';

import { useMutation } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { Status } from '@/components/ui/status';
import { toast, toastError } from '@/components/ui/toast';
import type { MailServerView, TroubleView } from '@/lib/browser/channels';
import { type ConnectorView, testConnectorMutation } from '@/lib/browser/connectors';
import { connectorWords } from '@/lib/format/connectors';
import { formatPlural } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';
import { ChannelTrouble } from './channel-trouble';

/** The mail server, or why there should be one. */
export function MailRow({
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
        <span className="text-sm">
          <Status tone={ourTone('channel.works')}>No failure known</Status>
        </span>
      )}
      <span className="-ml-3 flex flex-wrap gap-1">
        <Button variant="ghost" onClick={onRemove}>
          Remove
        </Button>
      </span>
    </div>
  );
}

/** A messenger of the team, with a test and what fails. */
export function MessengerRow({
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
