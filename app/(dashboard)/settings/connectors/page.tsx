import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { ConnectorsPage } from '@/components/settings/connectors-page';
import { connectorsOptions } from '@/lib/browser/connectors';
import { pageContext } from '@/lib/http/core/current-actor';
import { listConnectors } from '@/lib/services/connectors/connectors';

export const metadata: Metadata = { title: 'Connectors' };

export default async function SettingsConnectorsPage() {
  const ctx = await pageContext();
  return (
    <Prefetched
      seeds={[{ key: connectorsOptions().queryKey, load: async () => ({ data: await listConnectors(ctx) }) }]}
    >
      <ConnectorsPage />
    </Prefetched>
  );
}
