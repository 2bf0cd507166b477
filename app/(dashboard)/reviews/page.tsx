import type { Metadata } from 'next';
import { listSeed, Prefetched, type SearchParams } from '@/app/prefetch';
import { ReviewsList } from '@/components/reviews/reviews-list';
import { IN_QUEUE, REVIEWS } from '@/components/reviews/reviews-spec';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

export const metadata: Metadata = { title: 'Beta review' };

export default async function ReviewsPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await pageContext();
  return (
    <Prefetched seeds={[await listSeed(ctx, REVIEWS, searchParams, IN_QUEUE)]}>
      <Page>
        <PageHeader title="Beta review" />
        <ReviewsList />
      </Page>
    </Prefetched>
  );
}
