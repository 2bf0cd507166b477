import type { Metadata } from 'next';
import { listSeed, Prefetched, type SearchParams } from '@/app/prefetch';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { TestersActions } from '@/components/testers/testers-actions';
import { TestersList } from '@/components/testers/testers-list';
import { TESTERS } from '@/components/testers/testers-spec';
import { pageContext } from '@/lib/http/core/current-actor';

export const metadata: Metadata = { title: 'All testers' };

const EVERYWHERE = {};

export default async function AllTestersPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await pageContext();
  return (
    <Prefetched seeds={[await listSeed(ctx, TESTERS, searchParams)]}>
      <Page>
        <PageHeader title="All testers" action={<TestersActions />}>
          App Store Connect counts a person once per app; somebody who tests two apps stands here twice.
        </PageHeader>
        <TestersList scope={EVERYWHERE} isAcrossApps />
      </Page>
    </Prefetched>
  );
}
