'use client';

import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '@/components/ui/late-error';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { alertsPreviewOptions, type MyAlerts } from '@/lib/browser/alerts';
import { PreviewedFacts } from './previewed-facts';

/** What all alerts together would have sent. */
export default function AlertsPreview({ alerts }: { alerts: MyAlerts }) {
  const { data, error, refetch } = useQuery(alertsPreviewOptions());
  return (
    <Section title="What they would have sent">
      {error && !data ? (
        <ErrorState title="It could not be told" error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <PreviewedFacts preview={data.data} channels={alerts.channels} />
      ) : (
        <ListSkeleton rows={4} />
      )}
    </Section>
  );
}
