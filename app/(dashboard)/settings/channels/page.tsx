import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { ChannelsPage } from '@/components/settings/channels-page';
import { channelsOptions } from '@/lib/browser/channels';
import { connectorsOptions } from '@/lib/browser/connectors';
import { pageContext } from '@/lib/http/core/current-actor';
import { listChannels } from '@/lib/services/channels/channels';
import { listConnectors } from '@/lib/services/connectors/connectors';

export const metadata: Metadata = { title: 'Channels' };

export default async function SettingsChannelsPage() {
  const ctx = await pageContext();
  return (
    <Prefetched
      seeds={[
        { key: channelsOptions().queryKey, load: async () => ({ data: await listChannels(ctx) }) },
        { key: connectorsOptions().queryKey, load: async () => ({ data: await listConnectors(ctx) }) },
      ]}
    >
      <ChannelsPage />
    </Prefetched>
  );
}
