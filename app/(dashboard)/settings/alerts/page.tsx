import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { AlertsPage } from '@/components/settings/alerts-page';
import { alertsOptions } from '@/lib/browser/alerts';
import { pageContext } from '@/lib/http/core/current-actor';
import { myAlerts } from '@/lib/services/alerting/view';

export const metadata: Metadata = { title: 'Alerts' };

export default async function SettingsAlertsPage() {
  const ctx = await pageContext();
  return (
    <Prefetched
      seeds={[{ key: alertsOptions().queryKey, load: async () => ({ data: await myAlerts(ctx) }) }]}
    >
      <AlertsPage />
    </Prefetched>
  );
}
