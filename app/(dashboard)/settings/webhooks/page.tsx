import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { WebhooksPage } from '@/components/settings/webhooks-page';
import { webhooksOptions } from '@/lib/browser/webhooks';
import { pageContext } from '@/lib/http/core/current-actor';
import { listWebhooks } from '@/lib/services/webhooks/view';

export const metadata: Metadata = { title: 'Webhooks' };

export default async function SettingsWebhooksPage() {
  const ctx = await pageContext();
  return (
    <Prefetched
      seeds={[{ key: webhooksOptions().queryKey, load: async () => ({ data: await listWebhooks(ctx) }) }]}
    >
      <WebhooksPage />
    </Prefetched>
  );
}
