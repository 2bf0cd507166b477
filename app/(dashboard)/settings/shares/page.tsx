import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { SharesPage } from '@/components/settings/shares-page';
import { sharesOptions } from '@/lib/browser/shares';
import { pageContext } from '@/lib/http/core/current-actor';
import { listShares } from '@/lib/services/sharing/shares';

export const metadata: Metadata = { title: 'Share links' };

export default async function SettingsSharesPage() {
  const ctx = await pageContext();
  return (
    <Prefetched
      seeds={[{ key: sharesOptions().queryKey, load: async () => ({ data: await listShares(ctx) }) }]}
    >
      <SharesPage />
    </Prefetched>
  );
}
