import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '@/app/prefetch';
import { HealthPage } from '@/components/health/health-page';
import { Page } from '@/components/shell/page';
import { programmeHealthOptions } from '@/lib/browser/lights';
import { pageContext } from '@/lib/http/core/current-actor';
import { getHealth } from '@/lib/services/health/health';

export const metadata: Metadata = { title: 'Health' };

export default async function RootPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await pageContext();
  const { account: given } = await searchParams;
  const account = typeof given === 'string' && given !== '' ? given : undefined;
  return (
    <Prefetched
      seeds={[
        {
          key: programmeHealthOptions(account).queryKey,
          load: async () => ({ data: await getHealth(ctx, account) }),
        },
      ]}
    >
      <Page>
        <HealthPage />
      </Page>
    </Prefetched>
  );
}
