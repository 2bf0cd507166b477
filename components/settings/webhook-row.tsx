import { useMutation } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { Status } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { toast, toastError } from '@/components/ui/toast';
import { pingWebhookMutation, renewWebhookMutation, type WebhookView } from '@/lib/browser/webhooks';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';
import type { WebhookDialog } from './webhook-dialog';

type Receiver = NonNullable<WebhookView['receiver']>;

const STATES = {
  'hook.gone': 'Not registered at App Store Connect',
  'hook.elsewhere': 'Sends to another address than the one of now',
  'hook.unchecked': 'Not relied on now: the sync asks for feedback',
  'hook.registered': 'Registered',
  'hook.works': 'At once',
} as const;

/** How the events of one app come, and what to do about it. */
export function WebhookRow({
  app,
  mayWrite,
  canRegister,
  onRegister,
  onDialog,
}: {
  app: WebhookView;
  mayWrite: boolean;
  canRegister: boolean;
  onRegister: () => void;
  onDialog: (kind: WebhookDialog['kind']) => void;
}) {
  const { receiver } = app;
  const ping = useMutation(pingWebhookMutation());
  const tell = useMutation(renewWebhookMutation());
  const name = app.name ?? 'this app';
  const isThere = receiver !== null && receiver.webhookId !== null;
  return (
    <li className="grid gap-1 py-3">
      <div className="min-w-0">
        <p className="font-medium">
          <Name className="wrap-anywhere">{name}</Name>
          {app.accountName ? <span className="text-ink-soft"> in {app.accountName}</span> : null}
        </p>
        <State receiver={receiver} />
      </div>
      <span className="-ml-3 flex flex-wrap gap-1">
        {mayWrite && (!isThere || receiver.isElsewhere) ? (
          <Button
            variant="ghost"
            disabled={!canRegister}
            onClick={onRegister}
            aria-label={`Register a webhook for ${name}`}
          >
            {isThere ? 'Tell the new address' : 'Register'}
          </Button>
        ) : null}
        {mayWrite && isThere && receiver.trouble && !receiver.isElsewhere ? (
          <Button
            variant="ghost"
            busy={tell.isPending}
            aria-label={`Set right the webhook of ${name}`}
            onClick={() =>
              tell.mutate(
                { id: receiver.id, isNewSecret: false },
                {
                  onSuccess: () => void toast({ title: 'App Store Connect was told again' }),
                  onError: (error) => void toastError('The webhook was not set right', error),
                },
              )
            }
          >
            Set it right
          </Button>
        ) : null}
        {mayWrite && isThere ? (
          <Button
            variant="ghost"
            busy={ping.isPending}
            aria-label={`Send a test for ${name}`}
            onClick={() =>
              ping.mutate(receiver.id, {
                onSuccess: () => void toast({ title: 'App Store Connect sends a test' }),
                onError: (error) => void toastError('No test was sent', error),
              })
            }
          >
            Send a test
          </Button>
        ) : null}
        {isThere ? (
          <Button
            variant="ghost"
            onClick={() => onDialog('deliveries')}
            aria-label={`Deliveries for ${name}`}
          >
            Deliveries
          </Button>
        ) : null}
        {mayWrite && isThere ? (
          <Button variant="ghost" onClick={() => onDialog('renew')} aria-label={`New secret for ${name}`}>
            New secret
          </Button>
        ) : null}
        {mayWrite && receiver ? (
          <Button variant="ghost" onClick={() => onDialog('remove')} aria-label={`Remove ${name}`}>
            Remove
          </Button>
        ) : null}
      </span>
    </li>
  );
}

function State({ receiver }: { receiver: Receiver | null }) {
  if (!receiver)
    return (
      <p className="text-ink-soft text-sm">
        <Status tone={ourTone('hook.none')}>With the next sync</Status>
      </p>
    );
  const state = stateOf(receiver);
  const { counts, trouble, receivedAt, pingedAt, formerUntil, isSecretInDoubt } = receiver;
  return (
    <div className="grid gap-0.5 text-ink-soft text-sm">
      <Status tone={ourTone(state)}>{STATES[state]}</Status>
      {trouble ? <p className="text-bad wrap-anywhere">{trouble}</p> : null}
      <p>
        {receivedAt ? (
          <>
            Something came <Time at={receivedAt} />
          </>
        ) : (
          'Nothing has come yet'
        )}
        {pingedAt ? (
          <>
            {' · '}a test <Time at={pingedAt} />
          </>
        ) : null}
        {counts.received > 0 ? ` · ${formatPlural(counts.received, 'event')} in thirty days` : ''}
        {counts.found > 0 ? `, ${formatCount(counts.found)} more found that were lost` : ''}
        {counts.kept > 0 ? `, ${formatCount(counts.kept)} that nothing follows from` : ''}
      </p>
      {counts.waiting > 0 ? <p>{formatPlural(counts.waiting, 'event')} still to be followed</p> : null}
      {counts.failed > 0 ? (
        <p className="text-bad">
          {formatPlural(counts.failed, 'event')} could not be followed; the sync reads what they were about
        </p>
      ) : null}
      {isSecretInDoubt ? (
        <p className="text-attention">
          It is not known whether App Store Connect uses the new secret. The one before is taken too until
          something comes that is signed with the new one: send a test, or make the new secret again.
        </p>
      ) : null}
      {formerUntil ? (
        <p>
          The secret before goes out of use <Time at={formerUntil} isToCome />
        </p>
      ) : null}
    </div>
  );
}

function stateOf({ webhookId, isElsewhere, trouble, receivedAt }: Receiver): keyof typeof STATES {
  if (webhookId === null) return 'hook.gone';
  if (isElsewhere) return 'hook.elsewhere';
  if (trouble) return 'hook.unchecked';
  return receivedAt ? 'hook.works' : 'hook.registered';
}
