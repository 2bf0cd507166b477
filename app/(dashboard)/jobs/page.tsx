import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '@/app/prefetch';
import { JobsPage } from '@/components/jobs/jobs-page';
import { JOB_FILTERS, jobsQuery } from '@/components/jobs/jobs-query';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { keys } from '@/lib/browser/keys';
import { pageContext } from '@/lib/http/core/current-actor';
import { jobsPage } from '@/lib/http/routes/job-routes';

export const metadata: Metadata = { title: 'Jobs' };

export default async function AllJobsPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await pageContext();
  const { status } = await searchParams;
  const filter = JOB_FILTERS.find((name) => name === status) ?? null;
  const seeds = [jobsQuery(filter), ...(filter === null ? [jobsQuery('paused')] : [])].map((query) => ({
    key: keys.own('jobs', query),
    load: async () => ({ pages: [await jobsPage(ctx, new URLSearchParams(query))], pageParams: [''] }),
  }));
  return (
    <Prefetched seeds={seeds}>
      <Page>
        <PageHeader title="Jobs">
          Imports, bulk changes and pruning: what runs, what waits, and what became of every tester.
        </PageHeader>
        <JobsPage />
      </Page>
    </Prefetched>
  );
}
