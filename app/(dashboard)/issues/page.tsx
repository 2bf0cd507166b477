import type { Metadata } from 'next';
import { listSeed, Prefetched, type SearchParams, tabsSeed } from '@/app/prefetch';
import { ISSUES } from '@/components/feedback/feedback-spec';
import { IssuesList } from '@/components/feedback/issues-list';
import { ListedAs } from '@/components/feedback/listed-as';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

export const metadata: Metadata = { title: 'All crash issues' };

const EVERYWHERE = {};

export default async function AllIssuesPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await pageContext();
  return (
    <Prefetched seeds={[await listSeed(ctx, ISSUES, searchParams), tabsSeed(ctx, 'issues')]}>
      <Page>
        <PageHeader title="All crash issues" action={<ListedAs base="" />} />
        <IssuesList scope={EVERYWHERE} />
      </Page>
    </Prefetched>
  );
}
