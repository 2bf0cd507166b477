'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Refusal } from '@/components/ui/error-state';
import { ErrorState } from '@/components/ui/late-error';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Dot } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { toast } from '@/components/ui/toast';
import { type DigestView, digestOptions, sendDigestMutation } from '@/lib/browser/digest';
import { ourTone } from '@/lib/format/tones';
import { DigestForm } from './digest-form';

const Preview = onDemand(() => import('./digest-preview'));

/** One's own weekly digest: when it comes and of what, what it would say now, and what became of the last. */
export function DigestPage() {
  const { data, error, refetch } = useQuery(digestOptions());
  const [isShown, setShown] = useState(false);
  const { mutate, isPending, error: refusal } = useMutation(sendDigestMutation());
  if (error && !data)
    return <ErrorState title="The digest could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton />;
  const view = data.data;
  const send = () =>
    mutate(undefined, {
      onSuccess: ({ data: { words } }) => void toast({ title: 'Sent', detail: words }),
    });
  return (
    <div className="grid gap-8">
      <Section title="Weekly digest">
        <p className="text-ink-soft text-sm">
          Once a week a mail to <bdi>{view.to}</bdi>: what needs attention, what changed since the last one,
          and how each app stands.
        </p>
        <Standing view={view} />
        <DigestForm view={view} />
      </Section>
      <Section
        title="What it would say now"
        action={
          <span className="flex gap-2">
            <Button size="sm" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
              {isShown ? 'Hide it' : 'Show it'}
            </Button>
            <Button size="sm" busy={isPending} disabled={view.whyNot !== null} onClick={send}>
              Send me one now
            </Button>
          </span>
        }
      >
        <Refusal error={refusal} />
        {isShown ? <Preview /> : null}
      </Section>
    </div>
  );
}

/** Whether one comes, when, and what became of the last. */
function Standing({ view: { whyNot, nextAt, lastAt, trouble, settings } }: { view: DigestView }) {
  const mayMend = useMay('settings:write');
  if (whyNot !== null)
    return (
      <div className="flex flex-wrap items-center gap-3 text-sm">
        <Dot tone={ourTone('light.amber')} />
        <span>
          {whyNot} {mayMend ? '' : 'Ask an admin to set one up.'}
        </span>
        {mayMend ? (
          <ButtonLink size="sm" href="/settings/channels" prefetch={false}>
            Set up a mail server
          </ButtonLink>
        ) : null}
      </div>
    );
  return (
    <div className="grid gap-1 text-sm">
      {trouble ? (
        <p role="alert" className="text-bad">
          The last one was not sent: {trouble.words}{' '}
          {trouble.isOver
            ? 'It is left out; the next one says what changed since the one before.'
            : 'It is tried again by itself.'}
        </p>
      ) : null}
      <p className="text-ink-soft">
        {settings?.isOn && nextAt ? (
          <>
            The next one comes <Time at={nextAt} isToCome isInDays />.{' '}
          </>
        ) : (
          'It is off. '
        )}
        {lastAt ? (
          <>
            The last one was sent <Time at={lastAt} isInDays />.
          </>
        ) : null}
      </p>
    </div>
  );
}
