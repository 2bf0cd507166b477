'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { TextArea, TextField } from '@/components/ui/field';
import { Skeleton } from '@/components/ui/skeleton';
import { toast } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import { type HandoverList, handOverMutation, handoverPreviewOptions } from '@/lib/browser/connectors';
import type { HandedOver } from '@/lib/browser/hand-over';

/** Shows what would be sent, lets it be edited, and sends it once. */
export default function HandOverDialog({
  of,
  to,
  onClose,
}: {
  of: HandedOver;
  to: HandoverList['connectors'][number];
  onClose: () => void;
}) {
  const { data, error } = useQuery(handoverPreviewOptions(to.id, of));
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={to.isMessage ? `Send to ${to.name}` : `Make an issue in ${to.name}`}
    >
      {error && !data ? (
        <Refusal error={error} />
      ) : data ? (
        <Form of={of} to={to} start={data.data} onClose={onClose} />
      ) : (
        <Skeleton className="h-64 w-full" />
      )}
    </Dialog>
  );
}

function Form({
  of,
  to,
  start,
  onClose,
}: {
  of: HandedOver;
  to: HandoverList['connectors'][number];
  start: { title: string; body: string };
  onClose: () => void;
}) {
  const send = useMutation(handOverMutation());
  // Whatever happens on the way, one form makes one thing.
  const [attempt, setAttempt] = useState(() => crypto.randomUUID());
  const error = send.error instanceof ApiError ? send.error : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const { kind, id, accountId } = of;
    send.mutate(
      {
        ...{ kind, id, accountId, connectorId: to.id, attempt },
        ...{ title: String(form.get('title')), body: String(form.get('body')) },
      },
      {
        onSuccess({ data }) {
          const title =
            data.state === 'sent'
              ? to.isMessage
                ? `Sent to ${to.name}`
                : `Made ${data.key ?? 'an issue'} in ${to.name}`
              : 'It may have been sent; look at “Hand over”';
          void toast({ title });
          onClose();
        },
        onError(failure) {
          // Refused for certain: the next try is another one.
          if (failure instanceof ApiError && /^FLIGHTDECK\.(CONNECTOR|TOO_MANY|BODY)/.test(failure.code))
            setAttempt(crypto.randomUUID());
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      <TextField
        label="Title"
        name="title"
        defaultValue={start.title}
        maxLength={250}
        error={error?.detailFor('title')}
      />
      <TextArea
        label="Text (Markdown)"
        name="body"
        rows={14}
        defaultValue={start.body}
        error={error?.detailFor('body')}
        className="font-mono"
      />
      <p className="text-ink-soft text-sm">
        A line is added at the end by which Flightdeck finds it again. E-mail addresses are masked unless the
        connector asks for them.
      </p>
      {error && !error.detailFor('title') && !error.detailFor('body') ? <Refusal error={error} /> : null}
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={send.isPending}>
          {to.isMessage ? 'Send' : 'Make the issue'}
        </Button>
      </div>
    </form>
  );
}
