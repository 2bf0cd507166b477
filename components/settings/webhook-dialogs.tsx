'use client';

import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import RemoveDialog from '@/components/ui/remove-dialog';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Badge, Status } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { toast, toastError } from '@/components/ui/toast';
import type { ResourceObject } from '@/lib/browser/types';
import {
  type DeliveryResource,
  deliveriesOptions,
  redeliverMutation,
  removeWebhookMutation,
  renewWebhookMutation,
  type WebhookView,
} from '@/lib/browser/webhooks';
import { label } from '@/lib/format/labels';
import { ourTone } from '@/lib/format/tones';
import { eventWords } from '@/lib/format/webhooks';
import type { WebhookDialog } from './webhook-dialog';

/** What is asked about one app's webhook. */
export default function WebhookDialogs({
  dialog: { kind, app },
  onClose,
}: {
  dialog: WebhookDialog;
  onClose: () => void;
}) {
  if (kind === 'deliveries') return <Deliveries app={app} onClose={onClose} />;
  return kind === 'renew' ? <Renew app={app} onClose={onClose} /> : <Remove app={app} onClose={onClose} />;
}

interface Part {
  readonly app: WebhookView;
  readonly onClose: () => void;
}

function Renew({ app, onClose }: Part) {
  const renew = useMutation(renewWebhookMutation());
  return (
    <RemoveDialog
      title="Make a new secret?"
      description={
        <>
          App Store Connect signs the events of <Name>{app.name ?? 'this app'}</Name> with the new one from
          now on. The one before is taken for another day, so that nothing that is on its way is lost.
        </>
      }
      verb="Make a new secret"
      keep="Keep the present one"
      busy={renew.isPending}
      onClose={onClose}
      onRemove={() =>
        renew.mutate(
          { id: app.receiver?.id ?? '', isNewSecret: true },
          {
            onSuccess: () => void toast({ title: 'The new secret is in use' }),
            onError: (error) => void toastError('The new secret was not confirmed', error),
            onSettled: onClose,
          },
        )
      }
    />
  );
}

function Remove({ app, onClose }: Part) {
  const remove = useMutation(removeWebhookMutation());
  return (
    <RemoveDialog
      title="Remove this webhook?"
      description={
        <>
          It is deleted at App Store Connect. What happens in <Name>{app.name ?? 'this app'}</Name> is then
          seen with the next sync.
        </>
      }
      busy={remove.isPending}
      onClose={onClose}
      onRemove={() =>
        remove.mutate(app.receiver?.id ?? '', {
          onSuccess: () => void toast({ title: 'The webhook was removed' }),
          onError: (error) => void toastError('The webhook was not removed', error),
          onSettled: onClose,
        })
      }
    />
  );
}

const STATES = { SUCCEEDED: 'Arrived', FAILED: 'Did not arrive', PENDING: 'Under way' } as const;

/** One that Apple has added since is told in its own words. */
function DeliveryState({ state }: { state: string | null | undefined }) {
  if (state === 'SUCCEEDED' || state === 'FAILED' || state === 'PENDING')
    return <Status tone={ourTone(`delivery.${state}`)}>{STATES[state]}</Status>;
  return <span>{label(state ?? 'Unknown')}</span>;
}

function Deliveries({ app, onClose }: Part) {
  const { accountId } = app;
  const query = useInfiniteQuery(deliveriesOptions({ id: app.receiver?.webhookId ?? '', accountId }));
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const pages = data?.pages ?? [];
  const events = new Map(
    pages.flatMap(({ included = [] }) => included).map((event) => [event.id, event as EventResource]),
  );
  // App Store Connect promises no order.
  const deliveries = pages.flatMap((page) => page.data).toSorted((one, other) => sentAt(other) - sentAt(one));
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Deliveries"
      description={
        <>
          What App Store Connect has sent for <Name>{app.name ?? 'this app'}</Name> in about a week, and what
          it was answered.
        </>
      }
    >
      {error ? (
        <ErrorState title="The deliveries could not be read" error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <ListSkeleton rows={4} />
      ) : deliveries.length === 0 ? (
        <p className="py-4 text-ink-soft">Nothing was sent yet.</p>
      ) : (
        <ul className="grid max-h-[60vh] divide-y overflow-y-auto border-y" aria-label="Deliveries">
          {deliveries.map((delivery) => (
            <Delivery
              key={delivery.id}
              delivery={delivery}
              event={events.get(eventIdOf(delivery))}
              app={app}
              onSent={() => void refetch()}
            />
          ))}
        </ul>
      )}
      <div className="dialog-actions">
        {hasNextPage ? (
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show older ones
          </Button>
        ) : null}
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  );
}

const sentAt = ({ attributes }: DeliveryResource) => Date.parse(attributes?.createdDate ?? '') || 0;

type EventResource = ResourceObject<{ readonly eventType?: string | null }>;

function eventIdOf({ relationships }: DeliveryResource): string {
  const data = relationships?.event?.data;
  return data && 'id' in data ? data.id : '';
}

function Delivery({
  delivery,
  event,
  app,
  onSent,
}: {
  delivery: DeliveryResource;
  event: EventResource | undefined;
  app: WebhookView;
  onSent: () => void;
}) {
  const again = useMutation(redeliverMutation(app));
  const mayWrite = useMay('settings:write');
  const { createdDate, deliveryState, errorMessage, redelivery, response } = delivery.attributes ?? {};
  const what = eventWords(event?.attributes?.eventType);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
      <div className="min-w-0 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          {what}
          {redelivery ? <Badge>Sent again</Badge> : null}
        </p>
        <p className="flex flex-wrap items-center gap-x-2 text-ink-soft">
          <DeliveryState state={deliveryState} />
          <Time at={createdDate} />
          {response?.httpStatusCode ? <span>answered {response.httpStatusCode}</span> : null}
        </p>
        {errorMessage ? <p className="text-ink-soft wrap-anywhere">{errorMessage}</p> : null}
      </div>
      {mayWrite && deliveryState !== 'PENDING' ? (
        <Button
          variant="ghost"
          busy={again.isPending}
          aria-label={`Send again: ${what}`}
          onClick={() =>
            again.mutate(delivery.id, {
              onSuccess: () => {
                void toast({ title: 'App Store Connect sends it again' });
                onSent();
              },
              onError: (error) => void toastError('It was not sent again', error),
            })
          }
        >
          Send again
        </Button>
      ) : null}
    </li>
  );
}
