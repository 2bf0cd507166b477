'use client';

import { useMutation } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { Badge } from '@/components/ui/status';
import { toast, toastError } from '@/components/ui/toast';
import { type AlertRuleView, type ChannelChoice, saveAlertMutation } from '@/lib/browser/alerts';
import { alertSentence, alertWords } from '@/lib/format/alerts';

/** What a channel is called where an alert names it. */
export function channelName(channel: string, channels: readonly ChannelChoice[]): string {
  if (channel === 'bell') return 'Bell';
  if (channel === 'mail') return 'E-mail';
  return channels.find((one) => one.channel === channel)?.name ?? 'A channel that is gone';
}

/** One alert: its rule in a sentence, for which app, and where it is told. */
export function AlertRow({
  rule,
  channels,
  onChange,
  onRemove,
}: {
  rule: AlertRuleView;
  channels: readonly ChannelChoice[];
  onChange: () => void;
  onRemove: () => void;
}) {
  const save = useMutation(saveAlertMutation());
  const { name } = alertWords(rule.kind);
  const turn = () =>
    save.mutate(
      {
        ...{ kind: rule.kind, threshold: rule.threshold, least: rule.least, channels: rule.channels },
        ...{ isEnabled: !rule.isEnabled, rule },
        app: rule.app && { appId: rule.app.appId, accountId: rule.app.accountId },
      },
      {
        onSuccess: () => void toast({ title: rule.isEnabled ? `“${name}” is off` : `“${name}” is on` }),
        onError: (failure) => void toastError('The alert was not changed', failure),
      },
    );
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {name}
          {rule.isEnabled ? null : <Badge>Off</Badge>}
        </p>
        <p className="text-ink-soft text-sm">{alertSentence(rule)}</p>
        <p className="text-ink-soft text-sm wrap-anywhere">
          {rule.app === null ? 'All apps' : <Name>{rule.app.name}</Name>} ·{' '}
          <bdi>{rule.channels.map((channel) => channelName(channel, channels)).join(', ')}</bdi>
        </p>
      </div>
      <span className="-ml-3 flex gap-1">
        <Button
          variant="ghost"
          busy={save.isPending}
          onClick={turn}
          aria-label={`${rule.isEnabled ? 'Turn off' : 'Turn on'} ${name}`}
        >
          {rule.isEnabled ? 'Turn off' : 'Turn on'}
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
