import type { Metadata } from 'next';
import { metricsSeeds } from '@/app/metrics-seeds';
import { appAt, OtherAccounts, Prefetched, type SearchParams, titleOf } from '@/app/prefetch';
import { MetricsPage } from '@/components/metrics/metrics-page';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Metrics · ${await titleOf(await pageContext(), (await params).appId)}` };
}

export default async function AppMetricsPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const shown = { section: '/metrics', searchParams };
  const place = await appAt(ctx, (await params).appId, shown);
  const { appId, accountId, label, base } = place;
  return (
    <Prefetched seeds={metricsSeeds(ctx, await searchParams, { appId, accountId })}>
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <PageHeader crumbs={[{ label, href: base }]} title="Metrics" />
        <MetricsPage appId={appId} accountId={accountId} />
      </Page>
    </Prefetched>
  );
}
