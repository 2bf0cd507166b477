'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { toast, toastError } from '@/components/ui/toast';
import { useDo } from '@/components/ui/use-do';
import {
  type AlertRuleView,
  addUsualAlertsMutation,
  alertsOptions,
  type MyAlerts,
  removeAlertMutation,
  saveAlertMutation,
} from '@/lib/browser/alerts';
import { alertWords } from '@/lib/format/alerts';
import { formatPlural } from '@/lib/format/numbers';
import { AlertRow } from './alert-row';
import { AlertsTold } from './alerts-told';
import { OwnChannels } from './own-channels';
import { QuietHoursForm } from './quiet-hours-form';

const AlertDialog = onDemand(() => import('./alert-dialog'));
const AlertsPreview = onDemand(() => import('./alerts-preview'));

/** What one is told of, where, and when not. */
export function AlertsPage() {
  const { data, error, refetch } = useQuery(alertsOptions());
  const [editing, setEditing] = useState<AlertRuleView | 'new' | null>(null);
  const [isPreviewed, setPreviewed] = useState(false);
  useDo('add', () => setEditing('new'));
  if (error && !data)
    return (
      <ErrorState title="Your alerts could not be loaded" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <ListSkeleton rows={4} />;
  const alerts = data.data;
  return (
    <div className="grid gap-8">
      <Rules
        alerts={alerts}
        onAdd={() => setEditing('new')}
        onChange={setEditing}
        onPreview={() => setPreviewed(true)}
      />
      {isPreviewed ? <AlertsPreview alerts={alerts} /> : null}
      <OwnChannels alerts={alerts} />
      <QuietHoursForm quiet={alerts.quiet} />
      <AlertsTold alerts={alerts} />
      {editing ? (
        <AlertDialog
          rule={editing === 'new' ? null : editing}
          alerts={alerts}
          onClose={() => setEditing(null)}
        />
      ) : null}
    </div>
  );
}

function Rules({
  alerts: { rules, channels },
  onAdd,
  onChange,
  onPreview,
}: {
  alerts: MyAlerts;
  onAdd: () => void;
  onChange: (rule: AlertRuleView) => void;
  onPreview: () => void;
}) {
  const usual = useMutation(addUsualAlertsMutation());
  const remove = useMutation(removeAlertMutation());
  const { mutateAsync: save } = useMutation(saveAlertMutation());
  const isMailed = channels.some(({ kind, problem }) => kind === 'mail' && problem === null);
  const addUsual = () =>
    usual.mutate(isMailed ? ['bell', 'mail'] : ['bell'], {
      onSuccess: ({ data: { added } }) =>
        void toast({
          title: added === 0 ? 'You have the usual alerts already' : `${formatPlural(added, 'alert')} added`,
        }),
      onError: (failure) => void toastError('The usual alerts were not added', failure),
    });
  const add = (
    <Button icon={<Plus size={14} aria-hidden />} onClick={onAdd}>
      Add an alert
    </Button>
  );
  const usualOnes = (
    <Button variant={rules.length === 0 ? 'primary' : 'secondary'} busy={usual.isPending} onClick={addUsual}>
      Add the usual alerts
    </Button>
  );
  if (rules.length === 0)
    return (
      <EmptyState
        title="You are told of nothing yet"
        action={
          <>
            {usualOnes}
            {add}
          </>
        }
      >
        Be told when a build is ready, rejected or about to expire, when a new crash comes in, or when the
        sync stops, so that you need not look.
      </EmptyState>
    );
  return (
    <Section
      title="What you are told of"
      action={
        <span className="flex flex-wrap gap-2">
          <Button onClick={onPreview}>What they would have sent</Button>
          {usualOnes}
          {add}
        </span>
      }
    >
      <ul className="grid divide-y border-y" aria-label="Your alerts">
        {rules.map((rule) => (
          <AlertRow
            key={rule.id}
            rule={rule}
            channels={channels}
            onChange={() => onChange(rule)}
            onRemove={() =>
              remove.mutate(rule.id, {
                onSuccess: () =>
                  void toast({
                    title: `“${alertWords(rule.kind).name}” was removed`,
                    undo: () => save({ ...formOf(rule), rule: null }),
                  }),
                onError: (failure) => void toastError('The alert was not removed', failure),
              })
            }
          />
        ))}
      </ul>
    </Section>
  );
}

const formOf = ({ kind, app, threshold, least, channels, isEnabled }: AlertRuleView) => ({
  ...{ kind, threshold, least, channels, isEnabled },
  app: app && { appId: app.appId, accountId: app.accountId },
});
