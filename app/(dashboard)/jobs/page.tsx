import type { Metadata } from 'next';
import { JobsPage } from '@/components/jobs/jobs-page';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { currentActor } from '@/lib/http/core/current-actor';

export const metadata: Metadata = { title: 'Jobs' };

export default async function AllJobsPage() {
  await currentActor();
  return (
    <Page>
      <PageHeader title="Jobs">
        Imports, bulk changes and pruning: what runs, what waits, and what became of every tester.
      </PageHeader>
      <JobsPage />
    </Page>
  );
}
