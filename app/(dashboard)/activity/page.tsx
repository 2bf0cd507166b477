import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '@/app/prefetch';
import { ActivityPage } from '@/components/activity/activity-page';
import { ACTIVITY_FILTERS, activityQuery } from '@/components/activity/activity-query';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { keys } from '@/lib/browser/keys';
import { pageContext } from '@/lib/http/core/current-actor';
import { listActivity } from '@/lib/services/activity';

export const metadata: Metadata = { title: 'Activity' };

export default async function OneActivityPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await pageContext();
  const given = await searchParams;
  const text = (value: string | string[] | undefined) => (typeof value === 'string' ? value : null);
  const query = activityQuery(Object.fromEntries(ACTIVITY_FILTERS.map((name) => [name, text(given[name])])));
  const seed = {
    key: keys.own('activity', query),
    load: async () => ({ pages: [await listActivity(ctx, new URLSearchParams(query))], pageParams: [''] }),
  };
  return (
    <Prefetched seeds={[seed]}>
      <Page>
        <PageHeader title="Activity">
          Every change made through Flightdeck, and what App Store Connect said to it.
        </PageHeader>
        <ActivityPage />
      </Page>
    </Prefetched>
  );
}
