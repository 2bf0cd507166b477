import type { Metadata } from 'next';
import { listSeed, Prefetched, type SearchParams, tabsSeed } from '@/app/prefetch';
import { FeedbackList } from '@/components/feedback/feedback-list';
import { FEEDBACK } from '@/components/feedback/feedback-spec';
import { ListedAs } from '@/components/feedback/listed-as';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

export const metadata: Metadata = { title: 'All feedback' };

const EVERYWHERE = {};

export default async function AllFeedbackPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await pageContext();
  return (
    <Prefetched seeds={[await listSeed(ctx, FEEDBACK, searchParams), tabsSeed(ctx, 'feedback')]}>
      <Page>
        <PageHeader title="All feedback" action={<ListedAs base="" />} />
        <FeedbackList scope={EVERYWHERE} />
      </Page>
    </Prefetched>
  );
}
