'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Radio } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { toast, toastError } from '@/components/ui/toast';
import { registerWebhooksMutation, type WebhookView, webhooksOptions } from '@/lib/browser/webhooks';
import { formatPlural } from '@/lib/format/numbers';
import type { WebhookDialog } from './webhook-dialog';
import { WebhookRow } from './webhook-row';

const Dialogs = onDemand(() => import('./webhook-dialogs'));

/** How what happens at App Store Connect comes here: at once by webhooks, or with the next sync. */
export function WebhooksPage() {
  const { data, error, refetch } = useQuery(webhooksOptions());
  const mayWrite = useMay('settings:write');
  const [dialog, setDialog] = useState<WebhookDialog | null>(null);
  const register = useMutation(registerWebhooksMutation());
  if (error && !data)
    return (
      <ErrorState title="The webhooks could not be loaded" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <ListSkeleton rows={4} />;
  const { apps, address } = data.data;
  if (apps.length === 0)
    return <EmptyState title="No apps yet">Apps appear here after the first sync of an account.</EmptyState>;
  const without = apps.filter(({ receiver }) => !receiver?.webhookId || receiver.isElsewhere);
  const add = (wanted: readonly WebhookView[]) =>
    register.mutate(
      wanted.map(({ accountId, appId }) => ({ accountId, appId })),
      {
        onSuccess: ({ data: outcomes }) => tellOutcomes(outcomes),
        onError: (failure) => void toastError('No webhook was registered', failure),
      },
    );
  return (
    <div className="grid gap-4">
      <div className="grid gap-2 text-ink-soft text-sm">
        <p>
          With a webhook, App Store Connect says at once when feedback comes in, an upload ends or a review is
          decided, and the pages that are open show it within seconds. Without one, all of that is seen with
          the next sync, and each sync asks twice for every app whether there is new feedback.
        </p>
        <p>
          Testers who join, groups, internal states and expiry are told by no webhook: they come with the sync
          either way. What is lost on the way is found within a quarter of an hour.
        </p>
        {address.problem ? (
          <p role="note" className="rounded bg-attention-soft p-3 text-attention">
            {address.problem}
          </p>
        ) : null}
      </div>
      {mayWrite && without.length > 0 && !address.problem ? (
        <div>
          <Button
            variant="primary"
            icon={<Radio size={14} aria-hidden />}
            busy={register.isPending}
            onClick={() => add(without)}
          >
            {without.length === apps.length
              ? 'Register webhooks for all apps'
              : `Register the ${formatPlural(without.length, 'missing webhook')}`}
          </Button>
        </div>
      ) : null}
      <ul className="grid divide-y border-y" aria-label="Webhooks">
        {apps.map((app) => (
          <WebhookRow
            key={`${app.accountId} ${app.appId}`}
            app={app}
            mayWrite={mayWrite}
            canRegister={address.problem === null && !register.isPending}
            onRegister={() => add([app])}
            onDialog={(kind) => setDialog({ kind, app })}
          />
        ))}
      </ul>
      {dialog ? <Dialogs dialog={dialog} onClose={() => setDialog(null)} /> : null}
    </div>
  );
}

function tellOutcomes(outcomes: readonly { readonly trouble: string | null }[]): void {
  const refused = outcomes.filter(({ trouble }) => trouble !== null);
  const done = outcomes.length - refused.length;
  if (done > 0)
    void toast({
      title: `${formatPlural(done, 'webhook')} registered`,
    });
  // Why stands beside each app.
  if (refused.length > 0)
    void toast({ title: `${formatPlural(refused.length, 'webhook')} refused by App Store Connect` });
}
