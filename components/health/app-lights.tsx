'use client';

import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '@/components/ui/late-error';
import { Section } from '@/components/ui/section';
import { lightsOptions } from '@/lib/browser/lights';
import { LightRow } from './light-row';
import { SnoozedLights } from './snoozed';
import { useSnooze } from './use-snooze';

/** What wants somebody in one app. */
export function AppLights({
  appId,
  account,
  home,
}: {
  appId: string;
  account: string | undefined;
  home: string;
}) {
  const { data, error, refetch } = useQuery(lightsOptions({ app: appId, account }));
  const { ask, dialog } = useSnooze();
  return (
    <Section title="Needs attention">
      {error && !data ? (
        <ErrorState title="The lights could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : data && data.data.length > 0 ? (
        <ul data-list="" className="border-y py-1">
          {data.data.map((light) => (
            <LightRow
              key={light.key}
              {...{ light, home }}
              rule={data.meta.rules[light.kind]}
              onSnooze={ask}
            />
          ))}
        </ul>
      ) : (
        <p className="text-ink-soft text-sm">
          {data ? 'Nothing: no rule finds anything here.' : 'Looking …'}
        </p>
      )}
      <SnoozedLights count={data?.meta.snoozed ?? 0} which={{ app: appId, account }} />
      {dialog}
    </Section>
  );
}
