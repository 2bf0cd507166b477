'use client';

import { useMutation } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Status } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { toast, toastError } from '@/components/ui/toast';
import { retryChannelMutation, type TroubleView } from '@/lib/browser/channels';
import { formatPlural } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';

/** That a channel fails, since when, and in the words of the other side. */
export function ChannelTrouble({
  trouble: { channel, trouble, since, at, waiting },
}: {
  trouble: TroubleView;
}) {
  const retry = useMutation(retryChannelMutation());
  return (
    <div role="alert" className="grid gap-1 text-sm">
      <Status tone={ourTone('channel.fails')}>Does not work</Status>
      <p className="text-bad wrap-anywhere">{trouble}</p>
      <p className="text-ink-soft">
        Since <Time at={since} />, last tried <Time at={at} />
        {waiting > 0 ? ` · ${formatPlural(waiting, 'message')} waiting, sent when it works again` : ''}
      </p>
      {waiting > 0 ? (
        <span>
          <Button
            size="sm"
            busy={retry.isPending}
            onClick={() =>
              retry.mutate(channel, {
                onSuccess: () => void toast({ title: 'Tried again; what comes of it stands here' }),
                onError: (failure) => void toastError('Not tried again', failure),
              })
            }
          >
            Try again now
          </Button>
        </span>
      ) : null}
    </div>
  );
}
