import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { AllApps } from '@/components/apps/all-apps';
import { Page } from '@/components/shell/page';
import { keys } from '@/lib/browser/keys';
import { pageContext } from '@/lib/http/core/current-actor';
import { getOverview } from '@/lib/services/overview';

export const metadata: Metadata = { title: 'All apps' };

export default async function AllAppsPage() {
  const ctx = await pageContext();
  return (
    <Prefetched
      seeds={[{ key: keys.own('overview', ''), load: async () => ({ data: await getOverview(ctx) }) }]}
    >
      <Page>
        <AllApps />
      </Page>
    </Prefetched>
  );
}
