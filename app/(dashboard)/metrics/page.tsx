import type { Metadata } from 'next';
import { metricsSeeds } from '@/app/metrics-seeds';
import { Prefetched, type SearchParams } from '@/app/prefetch';
import { MetricsPage } from '@/components/metrics/metrics-page';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

export const metadata: Metadata = { title: 'All metrics' };

export default async function AllMetricsPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await pageContext();
  return (
    <Prefetched seeds={metricsSeeds(ctx, await searchParams)}>
      <Page>
        <PageHeader title="All metrics" />
        <MetricsPage />
      </Page>
    </Prefetched>
  );
}
